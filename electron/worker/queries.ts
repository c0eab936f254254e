import type { Session } from '../../core/debugger/session';
import { tensorsFile } from '../../core/debugger/tensors';
import type { AnswerOf } from '../../core/protocol/answer-of';
import type { SessionCommand } from '../../core/protocol/commands';

/** Commands that only look at the session, running or not, and are answered at once. */
export type Query = Extract<
  SessionCommand,
  {
    type:
      | 'timeline'
      | 'inspectOp'
      | 'flow'
      | 'driftHistory'
      | 'lossHistory'
      | 'updateHistory'
      | 'sample'
      | 'tensors'
      | 'batchNorms'
      | 'whatIf';
  }
>;

/** @throws NotFoundError for what the session does not have; WithinStepError where a whole step is needed. */
export function answerQuery(session: Session, query: Query): AnswerOf[Query['type']] {
  switch (query.type) {
    case 'timeline':
      return session.timeline();
    case 'inspectOp':
      return session.opDetail(query.op);
    case 'flow':
      return session.flow();
    case 'driftHistory':
      return session.driftHistory(query.points);
    case 'lossHistory': {
      const { history } = query.branch === undefined ? session : session.branch(query.branch);
      return history.lossHistory(query.points);
    }
    case 'updateHistory':
      return session.history.updateHistory(query.points);
    case 'sample':
      return session.sample(query.count, query.seed);
    case 'batchNorms':
      return session.batchNorms();
    case 'whatIf':
      return session.whatIf(query.change);
    case 'tensors':
      return tensorsFile(session);
    default:
      return query satisfies never;
  }
}
