import katex from 'katex';
import { useLayoutEffect, useRef } from 'react';
import styles from './exercises.module.css';

/** A formula, as MathML: the browser draws it and assistive technology reads it, without styles of KaTeX's own. */
export function Formula({ tex }: { readonly tex: string }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (box.current !== null) katex.render(tex, box.current, { output: 'mathml', displayMode: true });
  }, [tex]);
  return <div ref={box} className={styles.formula} />;
}
