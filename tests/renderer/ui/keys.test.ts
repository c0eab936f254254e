import { describe, expect, test } from 'vitest';
import { actions } from '../../../core/protocol/actions';
import { describeKeys, isTypingKey, type KeyPress, matchesKeys } from '../../../renderer/ui/keys';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

describe('matchesKeys', () => {
  test('takes Ctrl for CmdOrCtrl, and Cmd on macOS', () => {
    expect(matchesKeys(press('1', { ctrlKey: true }), 'CmdOrCtrl+1', false)).toBe(true);
    expect(matchesKeys(press('1', { metaKey: true }), 'CmdOrCtrl+1', false)).toBe(false);
    expect(matchesKeys(press('1', { metaKey: true }), 'CmdOrCtrl+1', true)).toBe(true);
    expect(matchesKeys(press('1', { ctrlKey: true }), 'CmdOrCtrl+1', true)).toBe(false);
  });

  test('asks for exactly the named modifiers', () => {
    expect(matchesKeys(press('F5'), 'F5', false)).toBe(true);
    expect(matchesKeys(press('F5', { ctrlKey: true, shiftKey: true }), 'F5', false)).toBe(false);
    expect(matchesKeys(press('F5', { ctrlKey: true, shiftKey: true }), 'CmdOrCtrl+Shift+F5', false)).toBe(true);
    expect(matchesKeys(press('P', { ctrlKey: true, shiftKey: true }), 'CmdOrCtrl+Shift+P', false)).toBe(true);
    expect(matchesKeys(press('p', { ctrlKey: true }), 'CmdOrCtrl+Shift+P', false)).toBe(false);
  });

  test('never matches an action without keys', () => {
    expect(matchesKeys(press(''), '', false)).toBe(false);
  });

  test('no two actions of the table share their keys', () => {
    const keys = actions.map((action) => action.keys).filter((text) => text !== '');
    expect(new Set(keys).size).toBe(keys.length);
  });
});

test('keys are written as each system writes them', () => {
  expect(describeKeys('CmdOrCtrl+Shift+P', false)).toBe('Ctrl+Shift+P');
  expect(describeKeys('CmdOrCtrl+Shift+P', true)).toBe('⇧⌘P');
  expect(describeKeys('F10', true)).toBe('F10');
});

test('only keys that write something are left to a text field', () => {
  expect(isTypingKey('F5')).toBe(false);
  expect(isTypingKey('Shift+F11')).toBe(false);
  expect(isTypingKey('CmdOrCtrl+1')).toBe(false);
  expect(isTypingKey('R')).toBe(true);
});
