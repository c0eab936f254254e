import { BrowserWindow, nativeTheme } from 'electron';

/** The page's own window colours (renderer/app/theme.css), so that it does not flash before its styles are there. */
const backgrounds = { light: '#f4f5f7', dark: '#15171b' };
const background = () => (nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light);

/** Makes the app's window, hidden until there is something to see. */
export function createWindow(preload: string): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Chainrule',
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    backgroundColor: background(),
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      // It would fetch dictionaries from the network.
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  window.on('page-title-updated', (event) => event.preventDefault());
  const followTheme = () => window.setBackgroundColor(background());
  nativeTheme.on('updated', followTheme);
  window.once('closed', () => nativeTheme.off('updated', followTheme));
  return window;
}

/** Resolves when the page has put two more animation frames on the screen. */
export async function nextPaint(window: BrowserWindow): Promise<void> {
  const twoFrames = 'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(null))))';
  await window.webContents.executeJavaScript(twoFrames);
}
