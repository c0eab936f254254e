import { describe, expect, test } from 'vitest';
import { missingLibraries, packagesFor } from '../../../electron/runtime/system-libraries.mjs';

const LDD = `	linux-vdso.so.1 (0x00007ffd)
	libffmpeg.so => /opt/electron/libffmpeg.so (0x00007f)
	libgtk-3.so.0 => not found
	libgdk-3.so.0 => not found
	libnss3.so => not found
	libsmime3.so => not found
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)
	libgtk-3.so.0 => not found
`;

describe('system libraries', () => {
  test('reads what is missing from ldd, once each', () => {
    expect(missingLibraries(LDD)).toEqual(['libgtk-3.so.0', 'libgdk-3.so.0', 'libnss3.so', 'libsmime3.so']);
    expect(missingLibraries('\tstatically linked\n')).toEqual([]);
  });

  test('names each Debian package once, and the libraries it does not know', () => {
    expect(packagesFor([...missingLibraries(LDD), 'libunheard.so.1'])).toEqual({
      packages: ['libgtk-3-0', 'libnss3'],
      unknown: ['libunheard.so.1'],
    });
  });
});
