import { useEffect, useState } from 'react';
import type { About, KernelBuild } from '../../../core/protocol/answers';
import { askAbout } from '../../state/session-actions';
import { closeDialog, useStore } from '../../state/store';
import { Icon } from '../../ui/icon';
import { Modal } from '../../ui/modal';
import styles from './about-dialog.module.css';

/** What this is and what it runs on. */
export function AboutDialog() {
  const [about, setAbout] = useState<About | null>(null);

  useEffect(() => {
    let isOpen = true;
    void askAbout().then((answer) => {
      if (isOpen) setAbout(answer);
    });
    return () => {
      isOpen = false;
    };
  }, []);

  return (
    <Modal title="About Chainrule" onClose={closeDialog}>
      <div className={styles.about}>
        <p>A debugger for backpropagation: step a real network and see where a gradient first goes wrong.</p>
        {about === null ? <p className="muted">Asking the engine…</p> : <Facts about={about} />}
      </div>
    </Modal>
  );
}

/** What computes, as a person would say it. */
const buildNames: Readonly<Record<KernelBuild, string>> = {
  reference: 'plain loops: this machine has no SIMD',
  plain: 'SIMD, reproducible',
  relaxed: 'SIMD, fast (fused multiply-add)',
};

function Facts({ about }: { readonly about: About }) {
  const kernels = useStore((state) => state.session?.kernels);
  return (
    <>
      <dl className={styles.facts}>
        <dt>Chainrule</dt>
        <dd>{about.version}</dd>
        <dt>Electron</dt>
        <dd>{about.electron}</dd>
        <dt>Chromium</dt>
        <dd>{about.chrome}</dd>
        <dt>Node</dt>
        <dd>{about.node}</dd>
        <dt>Runs on</dt>
        <dd>{about.runtime}</dd>
        {kernels === undefined ? null : (
          <>
            <dt>Computes with</dt>
            <dd>
              {buildNames[kernels.build]}, {kernels.threads === 1 ? 'one thread' : 'up to two threads'}
            </dd>
          </>
        )}
        <dt>Sandbox</dt>
        <dd>{about.sandboxOff ? 'off' : 'on'}</dd>
      </dl>
      {about.outOfSupport === null ? null : (
        <p className={styles.warning}>
          <Icon name="warning" />
          {about.outOfSupport}
        </p>
      )}
      {about.sandboxOff ? (
        <p className={styles.warning}>
          <Icon name="warning" />
          Chromium’s sandbox is off, because the window was started as root. Start it as another user to have it on.
        </p>
      ) : null}
    </>
  );
}
