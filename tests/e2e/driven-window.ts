import type { App } from './app';

/*
 * Playwright lets go of a page whose process ended, though the app loads it again. Here main asks the window's page itself,
 * whichever process that has by now.
 */

/** What a person sees. */
export interface Shown {
  /** NaN before there is a session. */
  readonly step: number;
  readonly loss: string;
  readonly isRunning: boolean;
  /** What is said of each autosave that is offered, the newest first. */
  readonly offers: readonly string[];
  readonly alerts: readonly string[];
  /** The step of the check that is shown; NaN where none is. */
  readonly checkedStep: number;
  /** What the check says. */
  readonly headlines: readonly string[];
  /** The rows of the breakpoints, where their tab is open. */
  readonly breakpoints: string;
  /** The timeline's words on the history's size. */
  readonly history: string;
}

const reading = `(() => {
  const texts = (selector) => [...document.querySelectorAll(selector)].map(({ textContent }) => textContent);
  const number = (text) => text === undefined ? NaN : Number(text.replaceAll(',', ''));
  const [, step, loss, rate] = /step ([\\d,]+).*?loss (\\S+) .*?(\\S+) steps/s.exec(document.querySelector('[aria-label="Readout"]')?.textContent ?? '') ?? [];
  return {
    step: number(step),
    loss: loss ?? '',
    isRunning: rate !== undefined && rate !== '—',
    offers: texts('[role=status][aria-label=Autosave] p'),
    alerts: texts('[role=alert] p'),
    checkedStep: number(/checked at step ([\\d,]+)/.exec(document.body.textContent)?.[1]),
    headlines: texts('[role=status]'),
    breakpoints: texts('table[aria-label=Breakpoints] tbody').join(),
    history: texts('[role=tooltip]').join(' '),
  };
})()`;

/** What an expression gives in the window's page; null while that is not there, or does not answer within a second. */
function inWindow<Value>({ electron }: App, expression: string): Promise<Value | null> {
  return electron.evaluate(async ({ BrowserWindow }, text) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (contents === undefined || contents.isCrashed() || contents.isLoading()) return null;
    const silence = new Promise<null>((resolve) => setTimeout(() => resolve(null), 1000));
    return Promise.race([silence, contents.executeJavaScript(text, true).catch(() => null)]);
  }, expression);
}

/** What the window shows; null while there is no page. */
export const shownIn = (app: App) => inWindow<Shown>(app, reading);

/** Clicks a button, or tab, of these words, the first unless said otherwise. Gives whether there is one that is enabled. */
export async function press(app: App, words: string, which = 0): Promise<boolean> {
  const expression = `(() => {
    const button = [...document.querySelectorAll('button')].filter((each) =>
      each.textContent.replace(/\\s*\\d*$/, '') === ${JSON.stringify(words)})[${which}];
    if (button === undefined || button.disabled) return false;
    button.click();
    return true;
  })()`;
  return (await inWindow<boolean>(app, expression)) === true;
}

/** Types at the very beginning of the code. Gives whether there is an editor. */
export async function typeBeforeCode(app: App, text: string): Promise<boolean> {
  const typing = `document.execCommand('insertText', false, ${JSON.stringify(text)})`;
  return (await inWindow<boolean>(app, atStartOfCode(typing))) === true;
}

/** The lines of code that are shown at its beginning; null where there is no editor. */
export const beginningOfCode = (app: App) => inWindow<string>(app, atStartOfCode('content.textContent'));

/** A person goes there by Ctrl+Home. */
const atStartOfCode = (then: string) => `(() => {
  const roots = [...document.querySelectorAll('*')].map(({ shadowRoot }) => shadowRoot);
  const content = roots.map((root) => root?.querySelector('.cm-content')).find(Boolean);
  if (!content) return null;
  content.focus();
  content.dispatchEvent(new KeyboardEvent('keydown', { key: 'Home', keyCode: 36, ctrlKey: true, bubbles: true }));
  return ${then};
})()`;

/** The process of the page whose address begins so, as the operating system counts; 0 while there is none. */
export function pageProcess({ electron }: App, address: 'app:' | 'chainrule-python:'): Promise<number> {
  return electron.evaluate(({ webContents }, beginning) => {
    const page = webContents.getAllWebContents().findLast((each) => each.getURL().startsWith(beginning));
    return page === undefined || page.isCrashed() ? 0 : page.getOSProcessId();
  }, address);
}
