import { describe, expect, it } from 'vitest';
import { CrewTuner } from '../../../electron/worker/crew-tuner';

/** Slices of a session that makes so many steps a slice without the second thread, and so many with it. */
function run(steps: { alone: number; together: number }, slices: number, crew = { isOn: true }, start = 0) {
  const tuner = new CrewTuner(crew);
  let now = start;
  const choices: boolean[] = [];
  const go = (count: number, from = steps) => {
    for (let slice = 0; slice < count; slice++) {
      now += 8;
      choices.push(crew.isOn);
      tuner.worked(crew.isOn ? from.together : from.alone, 8, now);
    }
  };
  go(slices);
  return { crew, go, choices, wait: (milliseconds: number) => (now += milliseconds) };
}

describe('CrewTuner', () => {
  it('tries both, and keeps the second thread where it gains', () => {
    const { crew, choices } = run({ alone: 20, together: 30 }, 80);
    expect(new Set(choices.slice(0, 48))).toEqual(new Set([true, false]));
    expect(crew.isOn).toBe(true);
    expect(new Set(choices.slice(49))).toEqual(new Set([true]));
  });

  it('leaves it out where it loses, or gains next to nothing', () => {
    expect(run({ alone: 20, together: 15 }, 80).crew.isOn).toBe(false);
    expect(run({ alone: 100, together: 102 }, 80).crew.isOn).toBe(false);
  });

  it('tries again after a while, since the machine may have changed its mind', () => {
    const { crew, go, wait } = run({ alone: 20, together: 15 }, 80);
    wait(30_000);
    go(80, { alone: 20, together: 35 });
    expect(crew.isOn).toBe(true);
  });

  it('is not misled by a page that draws on the second core for a tenth of a second', () => {
    const crew = { isOn: true };
    const tuner = new CrewTuner(crew);
    for (let now = 8; now < 2000; now += 8) tuner.worked(crew.isOn ? (now <= 100 ? 4 : 13) : 10, 8, now);
    expect(crew.isOn).toBe(true);
  });

  it('is not misled by slices without a step', () => {
    const crew = { isOn: true };
    new CrewTuner(crew).worked(0, 8, 8);
    expect(crew.isOn).toBe(true);
  });
});
