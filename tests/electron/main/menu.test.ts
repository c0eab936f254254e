import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { actions } from '../../../core/protocol/actions';
import { menuTemplate } from '../../../electron/main/menu';

const itemsIn = (template: MenuItemConstructorOptions[]) =>
  template.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : [])).filter(({ id }) => id !== undefined);

describe('menuTemplate', () => {
  it('has every action once, with its title and keys, and chooses it on a click', () => {
    const chosen: string[] = [];
    const items = itemsIn(menuTemplate('linux', (action) => chosen.push(action)));
    expect(items.map(({ id, label, accelerator }) => ({ id, title: label, keys: accelerator ?? '' }))).toEqual(
      actions.map(({ id, title, keys }) => ({ id, title, keys })),
    );
    for (const item of items) (item.click as () => void)();
    expect(chosen).toEqual(actions.map(({ id }) => id));
  });

  it('registers no accelerator of an action, since the page listens to the keys itself', () => {
    const registered = itemsIn(menuTemplate('linux', () => {})).filter(
      ({ accelerator, registerAccelerator }) => accelerator !== undefined && registerAccelerator !== false,
    );
    expect(registered).toEqual([]);
  });

  it('has Reload under View', () => {
    const view = menuTemplate('linux', () => {}).find(({ label }) => label === '&View');
    expect(view?.submenu).toContainEqual({ role: 'reload' });
  });

  it('begins with the application’s own menu on macOS only', () => {
    expect(menuTemplate('darwin', () => {})[0]).toEqual({ role: 'appMenu' });
    expect(menuTemplate('win32', () => {})[0]?.label).toBe('&File');
  });
});
