import {
  acceptsThreshold,
  type Finding,
  type Findings,
  findingRules,
  type RuleName,
  ruleNames,
} from '../../protocol/findings';
import type { StepFacts } from '../conditions/facts';
import type { Session } from '../session';
import { DeadUnits } from './dead-units';
import { LossCourse } from './losses';
import { lookSteps, type RuleInputs, rules } from './rules';

/** A threshold outside what the rule accepts. */
export class ThresholdError extends Error {
  override name = 'ThresholdError';
}

/** So many findings are kept; a run with more is known to be ill. */
const mostFindings = 200;

/** Those that are asked between looks, too. */
const askedAtEveryStep = ruleNames.filter((name) => rules[name].every === 1);

/** Asks the rules as the session steps, and keeps what fired: each rule once a node and branch, where it fired first. */
export class FindingList {
  #inputs: RuleInputs;
  #findings: Finding[] = [];
  readonly #thresholds = new Map<RuleName, number>();

  constructor(session: Session, facts: StepFacts) {
    this.#inputs = inputsOf(session, facts);
  }

  /** Another session; the thresholds stay. */
  begin(session: Session, facts: StepFacts): void {
    this.#inputs = inputsOf(session, facts);
    this.#findings = [];
  }

  /** Thresholds that were saved; the rules are asked by them from now on. */
  restore(thresholds: Findings['thresholds']): void {
    this.#thresholds.clear();
    for (const name of ruleNames) {
      const value = thresholds[name];
      if (value !== undefined) this.#thresholds.set(name, value);
    }
  }

  /** A step was made; `facts` are fresh. Returns whether something new was found. */
  atStep(): boolean {
    const before = this.#findings.length;
    const { step } = this.#inputs.session;
    const asked = step % lookSteps === 0 ? ruleNames : askedAtEveryStep;
    for (let index = 0; index < asked.length; index++) this.#ask(asked[index]);
    return this.#findings.length > before;
  }

  /**
   * Another threshold, the default for null: what the rule found by the old one is forgotten, and it is asked anew.
   * @throws ThresholdError, changing nothing, for one that the rule does not accept.
   */
  setThreshold(rule: RuleName, value: number | null): void {
    const { threshold, title } = findingRules[rule];
    if (threshold === null) throw new ThresholdError(`“${title}” has no threshold.`);
    if (value !== null && !acceptsThreshold(rule, value)) {
      throw new ThresholdError(
        `The threshold of “${title}” must be a number from ${threshold.minimum} to ${threshold.maximum}, not ${value}.`,
      );
    }
    if (value === null) this.#thresholds.delete(rule);
    else this.#thresholds.set(rule, value);
    this.#findings = this.#findings.filter((finding) => finding.rule !== rule);
    if (this.#inputs.session.position === null) this.#ask(rule, true);
  }

  describe(): Findings {
    return { findings: this.#findings, thresholds: Object.fromEntries(this.#thresholds) };
  }

  /** @param isNow whether it is asked though it is not due. */
  #ask(name: RuleName, isNow = false): void {
    const { session } = this.#inputs;
    const { step } = session;
    const rule = rules[name];
    const isDue = step === rule.from || (step > rule.from && step % rule.every === 0);
    if (step < rule.from || !(isDue || isNow) || this.#findings.length >= mostFindings) return;
    const limit = findingRules[name].threshold;
    const threshold = limit === null ? null : (this.#thresholds.get(name) ?? limit.value);
    const sightings = rule.look(this.#inputs, threshold ?? Number.NaN);
    if (sightings.length === 0) return;
    const branch = session.branchId;
    for (const sighting of sightings) {
      const isKnown = this.#findings.some(
        (known) => known.rule === name && known.node === sighting.node && known.branch === branch,
      );
      if (!isKnown) this.#findings = [...this.#findings, { rule: name, ...sighting, step, branch, threshold }];
    }
  }
}

const inputsOf = (session: Session, facts: StepFacts): RuleInputs => ({
  session,
  facts,
  losses: new LossCourse(),
  deadUnits: new DeadUnits(lookSteps),
});
