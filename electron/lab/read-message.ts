import * as v from 'valibot';
import { longestText } from '../../core/protocol/check';
import { isLineOf, labCheckSchema, trainingGradientsSchema } from '../../core/python/lab-answers';
import type { LabEnd, LabMessage, LabTask } from './lab-messages';

type MessageSchema = v.GenericSchema<unknown, LabMessage>;

const reason = v.pipe(
  v.string(),
  v.transform((text) => text.slice(0, longestText)),
);
const brokenSchema = v.strictObject({ kind: v.literal('broken'), message: reason });
const startSchema = v.variant('kind', [v.strictObject({ kind: v.literal('ready') }), brokenSchema]);
const isSpent = v.exactOptional(v.boolean());

/** What each task may be answered with. Whoever answers shares a process with the person's code, and may be that code. */
const answerSchemas = {
  check: (task) =>
    v.variant('kind', [
      v.strictObject({ kind: v.literal('check'), answer: labCheckSchema(task), isSpent }),
      interruptedSchema(task),
      brokenSchema,
    ]),
  gradients: (task) =>
    v.variant('kind', [
      v.strictObject({ kind: v.literal('gradients'), answer: trainingGradientsSchema(task), isSpent }),
      interruptedSchema(task),
      brokenSchema,
    ]),
} satisfies { [Kind in LabTask['kind']]: (task: Extract<LabTask, { kind: Kind }>) => MessageSchema };

function interruptedSchema({ code }: LabTask) {
  const line = v.pipe(
    v.number(),
    v.safeInteger(),
    v.check((line) => isLineOf(code, line)),
  );
  return v.strictObject({ kind: v.literal('interrupted'), line: v.nullable(line), isSpent });
}

const endSchema = v.strictObject({ kind: v.literal('ended'), reason, isOutOfMemory: v.boolean() });

/** What is waited for: that Python has started, a task's answer, or nothing. */
export type Awaited = 'start' | LabTask | null;

/** A message, or where it is none that could come now: "answer.check.rows.0.verdict"; null where it is all of it. */
export type ReadMessage = { readonly message: LabMessage } | { readonly refusedAt: string | null };

/** Reads what came from where Python runs, by the schema of what is waited for. */
export function readMessage(given: unknown, awaited: Awaited): ReadMessage {
  const result = v.safeParse(schemaOf(awaited), given);
  if (result.success) return { message: result.output };
  const path = v.getDotPath(result.issues[0]) ?? '';
  // What has other characters, or more, is made of what was sent.
  return { refusedAt: /^[\w.]{1,100}$/.test(path) ? path : null };
}

/** Reads that Python has ended; null where the message says something else. */
export function readEnd(given: unknown): LabEnd | null {
  const result = v.safeParse(endSchema, given);
  return result.success ? result.output : null;
}

function schemaOf(awaited: Awaited): MessageSchema {
  if (awaited === 'start') return startSchema;
  switch (awaited?.kind) {
    case undefined:
      return brokenSchema;
    case 'check':
      return answerSchemas.check(awaited);
    case 'gradients':
      return answerSchemas.gradients(awaited);
    default:
      return awaited satisfies never;
  }
}
