import { BatchNormSection } from './batch-norm-section';
import { EvaluationSection } from './evaluation-section';
import { SampleSection } from './sample-section';
import styles from './samples-panel.module.css';

/** The Samples tab: what the network has learnt, as names and as two losses. */
export function SamplesPanel() {
  return (
    <div className={styles.panel}>
      <SampleSection />
      <EvaluationSection />
      <BatchNormSection />
    </div>
  );
}
