import type { MenuItemConstructorOptions } from 'electron';
import { type ActionId, actions } from '../../core/protocol/actions';

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** The native menu: every action of the table under its heading, and the usual entries of the platform. */
export function menuTemplate(
  platform: NodeJS.Platform,
  choose: (action: ActionId) => void,
): MenuItemConstructorOptions[] {
  const itemsOf = (menu: (typeof actions)[number]['menu']): MenuItemConstructorOptions[] =>
    actions
      .filter((action) => action.menu === menu)
      .map(({ id, title, keys }) => ({
        id,
        label: title,
        click: () => choose(id),
        // Shown but not registered: the page listens to the keys itself, and one press must be one step.
        ...(keys === '' ? {} : { accelerator: keys, registerAccelerator: false }),
      }));
  const isMac = platform === 'darwin';
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    { label: '&File', submenu: [...itemsOf('File'), separator, { role: isMac ? 'close' : 'quit' }] },
    { role: 'editMenu' },
    { label: '&Session', submenu: itemsOf('Session') },
    {
      label: '&View',
      submenu: [
        ...itemsOf('View'),
        separator,
        { role: 'reload' },
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', label: '&Help', submenu: itemsOf('Help') },
  ];
}
