import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy, contentTypeOf, fileOfUrl } from '../../../electron/main/app-files';

const root = resolve('/srv/app/renderer');

describe('fileOfUrl', () => {
  it.each([
    ['app://chainrule/index.html', 'index.html'],
    ['app://chainrule/assets/index-1a2b.js?v=1#top', 'assets/index-1a2b.js'],
    ['app://chainrule/a%20b.css', 'a b.css'],
    ['app://chainrule/assets/../index.html', 'index.html'],
  ])('serves %s', (url, file) => {
    expect(fileOfUrl(root, url)).toBe(join(root, file));
  });

  it.each([
    'app://chainrule/..%2fmain%2fmain.js',
    'app://chainrule/%2e%2e%2f%2e%2e%2fetc/passwd',
    'app://chainrule/assets/..%2f..%2fmain.js',
    'app://chainrule/..%5cmain.js',
    'app://chainrule/..%2frenderer-secrets/a.js',
    'app://chainrule/',
    'app://chainrule/a%00.js',
    'app://chainrule/%ff',
    'app://other/index.html',
    'file:///etc/passwd',
    'https://chainrule/index.html',
    'nonsense',
  ])('refuses %s', (url) => {
    expect(fileOfUrl(root, url)).toBeNull();
  });
});

describe('contentTypeOf', () => {
  it('knows what modules and styles need to be accepted', () => {
    expect(['a.html', 'a.js', 'a.css', 'a.unknown'].map(contentTypeOf)).toEqual([
      'text/html; charset=utf-8',
      'text/javascript; charset=utf-8',
      'text/css; charset=utf-8',
      'application/octet-stream',
    ]);
  });
});

describe('contentSecurityPolicy', () => {
  it('allows nothing by default, and nothing inline or evaluated', () => {
    expect(contentSecurityPolicy).toMatch(/^default-src 'none';/);
    expect(contentSecurityPolicy).not.toContain('unsafe');
    expect(contentSecurityPolicy).not.toMatch(/https?:|\*/);
  });
});
