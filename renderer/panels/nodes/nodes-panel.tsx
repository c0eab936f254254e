import { Fragment, type KeyboardEvent, useId, useMemo, useRef } from 'react';
import type { NodeDescription, SessionDescription } from '../../../core/protocol/answers';
import { findingRules } from '../../../core/protocol/findings';
import { isStale, selectNode, useStore } from '../../state/store';
import { currentNodes, isNotComputed } from '../../state/walk';
import { formatShape } from '../../ui/format';
import { Icon } from '../../ui/icon';
import { moveInList } from '../../ui/list-keys';
import { useInSight } from '../../ui/use-in-sight';
import { VerdictChip } from '../../ui/verdict-chip';
import { DatasetFacts } from './dataset-facts';
import styles from './nodes-panel.module.css';

/** Every node of the forward pass. Choosing one here selects it in the whole window. */
export function NodesPanel() {
  const session = useStore((state) => state.session);
  return (
    <section className={styles.panel} aria-label="Nodes">
      <h2 className="pane-heading">Nodes</h2>
      {session === null ? <p className={styles.empty}>No session yet.</p> : <NodeList session={session} />}
      {session === null ? null : <DatasetFacts dataset={session.dataset} />}
    </section>
  );
}

/** Nodes that follow each other under one heading. */
interface NodeGroup {
  readonly title: string;
  readonly nodes: readonly [NodeDescription, ...NodeDescription[]];
}

/** Splits the forward order wherever the heading changes. */
function groupNodes(nodes: readonly NodeDescription[]): readonly NodeGroup[] {
  const groups: { title: string; nodes: [NodeDescription, ...NodeDescription[]] }[] = [];
  for (const node of nodes) {
    const current = groups.at(-1);
    if (current?.title === node.group) current.nodes.push(node);
    else groups.push({ title: node.group, nodes: [node] });
  }
  return groups;
}

function NodeList({ session }: { readonly session: SessionDescription }) {
  const prefix = useId();
  const selected = useStore((state) => state.selectedNode);
  const groups = useMemo(() => groupNodes(session.nodes), [session.nodes]);
  const list = useRef<HTMLDivElement>(null);
  useInSight(list, '[aria-selected="true"]', selected);

  function press(event: KeyboardEvent): void {
    const current = session.nodes.findIndex(({ name }) => name === selected);
    const target = moveInList(event.key, current, session.nodes.length);
    const node = target === null ? undefined : session.nodes[target];
    if (node === undefined) return;
    event.preventDefault();
    selectNode(node.name);
  }

  return (
    <div
      ref={list}
      role="listbox"
      aria-label="Nodes in forward order"
      aria-activedescendant={selected === null ? undefined : `${prefix}-${selected}`}
      tabIndex={0}
      className={styles.list}
      data-checked={session.backward !== null || undefined}
      onKeyDown={press}
      onClick={({ target }) => {
        const name = target instanceof Element ? target.closest<HTMLElement>('[data-node]')?.dataset.node : undefined;
        if (name !== undefined) selectNode(name);
      }}
    >
      {groups.map(({ title, nodes }) => (
        <Fragment key={nodes[0].name}>
          <div role="presentation" className={styles.group}>
            {title}
          </div>
          {nodes.map((node) => (
            <NodeOption key={node.name} id={`${prefix}-${node.name}`} node={node} isSelected={node.name === selected} />
          ))}
        </Fragment>
      ))}
    </div>
  );
}

interface NodeOptionProps {
  readonly id: string;
  readonly node: NodeDescription;
  readonly isSelected: boolean;
}

function NodeOption({ id, node, isSelected }: NodeOptionProps) {
  const isCurrent = useStore((state) => currentNodes(state).includes(node.name));
  const isPending = useStore((state) => isNotComputed(state, node.name));
  return (
    <div
      id={id}
      role="option"
      aria-selected={isSelected}
      tabIndex={-1}
      className={styles.node}
      title={node.formula === '' ? `${node.name}, a ${node.kind}` : node.formula}
      data-kind={node.kind}
      data-node={node.name}
      data-current={isCurrent || undefined}
      data-pending={isPending || undefined}
    >
      <NodeMark node={node.name} isCurrent={isCurrent} />
      <span className={styles.verdict}>
        <NodeVerdict node={node.name} />
      </span>
      <span className={styles.name}>{node.name}</span>
      <NodeFindings node={node.name} />
      <span className={styles.shape}>{formatShape(node.shape)}</span>
    </div>
  );
}

/** A breakpoint's dot, and the arrow of the op at which the session stands. */
function NodeMark({ node, isCurrent }: { readonly node: string; readonly isCurrent: boolean }) {
  const breakpoint = useStore(({ breakpoints: { states, isActive } }) => {
    const found = states.find((state) => state.breakpoint.kind === 'node' && state.breakpoint.node === node);
    return found === undefined ? null : found.breakpoint.isEnabled && isActive ? 'on' : 'off';
  });
  return (
    <span className={styles.mark}>
      {breakpoint === null ? null : (
        <span className={styles.breakpoint} data-off={breakpoint === 'off' || undefined} title="Breakpoint (F9)">
          <Icon name="breakpoint" />
          <span className="visually-hidden">breakpoint{breakpoint === 'off' ? ', disabled' : ''}</span>
        </span>
      )}
      {isCurrent ? (
        <span className={styles.current} title="The op at which the session stands">
          ▸<span className="visually-hidden">current op</span>
        </span>
      ) : null}
    </span>
  );
}

/** A warning sign where a rule has found something about the node. */
function NodeFindings({ node }: { readonly node: string }) {
  const titles = useStore(({ findings: { findings } }) =>
    findings.flatMap((finding) => (finding.node === node ? findingRules[finding.rule].title : [])).join(', '),
  );
  if (titles === '') return null;
  return (
    <span className={styles.finding} title={titles}>
      <Icon name="warning" />
      <span className="visually-hidden">finding: {titles}</span>
    </span>
  );
}

function NodeVerdict({ node }: { readonly node: string }) {
  const verdict = useStore((state) => state.check?.rows.find((row) => row.node === node)?.verdict);
  const staleStep = useStore((state) => (isStale(state.check, state.step) ? state.check?.step : undefined));
  return verdict === undefined ? null : <VerdictChip verdict={verdict} compact staleStep={staleStep} />;
}
