import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { appScheme, contentSecurityPolicy, contentTypeOf, fileOfUrl } from './app-files';
import { labScheme } from './lab-files';

/**
 * Makes the page's scheme, and that of Python's page, schemes with an origin, as https has, so that modules, storage and
 * the CSP's 'self' work. Call before `ready`, once: Electron takes no more after that.
 */
export function registerSchemes(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true };
  protocol.registerSchemesAsPrivileged([appScheme, labScheme].map((scheme) => ({ scheme, privileges })));
}

/** Serves the files under `root`, and nothing else, as `app://chainrule/…`. */
export function serveAppFiles(root: string): void {
  protocol.handle(appScheme, async ({ url, method }) => {
    const file = fileOfUrl(root, url);
    if (file === null || method !== 'GET') return respond(403, `Not served: ${method} ${url}`, 'text/plain');
    try {
      return respond(200, await readFile(file), contentTypeOf(file));
    } catch {
      // Missing or unreadable, both are an incomplete build; the page's console names the URL.
      return respond(404, `Not found: ${url}`, 'text/plain');
    }
  });
}

function respond(status: number, body: string | Uint8Array<ArrayBuffer>, contentType: string): Response {
  return new Response(body, {
    status,
    headers: {
      'Content-Type': contentType,
      'Content-Security-Policy': contentSecurityPolicy,
      'X-Content-Type-Options': 'nosniff',
    },
  });
}
