/** A key press, as far as a shortcut needs it. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** Parts of Electron's notation, e.g. `CmdOrCtrl+Shift+P`. */
function parse(keys: string) {
  const parts = keys.split('+');
  return {
    key: parts.at(-1) ?? '',
    command: parts.includes('CmdOrCtrl'),
    shift: parts.includes('Shift'),
    alt: parts.includes('Alt'),
  };
}

/** Whether the press is exactly these keys: a modifier that is not named must not be held. */
export function matchesKeys(press: KeyPress, keys: string, isMac: boolean): boolean {
  if (keys === '') return false;
  const { key, command, shift, alt } = parse(keys);
  const [commandHeld, otherHeld] = isMac ? [press.metaKey, press.ctrlKey] : [press.ctrlKey, press.metaKey];
  return (
    press.key.toLowerCase() === key.toLowerCase() &&
    commandHeld === command &&
    !otherHeld &&
    press.shiftKey === shift &&
    press.altKey === alt
  );
}

/** The keys as this system's menus write them: "Ctrl+Shift+P", "⇧⌘P". */
export function describeKeys(keys: string, isMac: boolean): string {
  if (!isMac) return keys.replace('CmdOrCtrl', 'Ctrl');
  const { key, command, shift, alt } = parse(keys);
  return `${alt ? '⌥' : ''}${shift ? '⇧' : ''}${command ? '⌘' : ''}${key}`;
}

/** Whether a key without Ctrl or Cmd types a character; function keys do not. */
export function isTypingKey(keys: string): boolean {
  return !keys.includes('CmdOrCtrl') && !/^(Shift\+|Alt\+)*F\d+$/.test(keys);
}

/** Whether this window runs on macOS, where Cmd stands for Ctrl. */
export const isMac = typeof navigator !== 'undefined' && navigator.userAgent.includes('Mac OS');
