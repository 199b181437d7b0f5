import Button from '@cloudscape-design/components/button';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { visible } from '@/model/format';
import { type JsonRow, jsonRows } from '@/model/jsonRows';
import { LongText } from './LongText';

const STEP = 200;
const INDENT_PX = 14;
/** Deeper than this the indent grows no more, so that something is left for the text. */
const DEEPEST_INDENT = 24;
const LONG = 500;

/** A JSON value as a tree; what is inside of something is made when it is opened. */
export function JsonTree(props: { value: unknown; name: string; openFirst?: boolean }) {
  const { t } = useTranslation('trace');
  const { value } = props;
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(props.openFirst === false ? [] : ['']));
  const [limit, setLimit] = useState(STEP);
  const { rows, more } = useMemo(() => jsonRows(value, open, limit), [value, open, limit]);
  const toggle = (path: string) =>
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(path)) after.add(path);
      return after;
    });
  return (
    <div className="json-tree code">
      {rows.map((row) => (
        <Row key={row.path} row={row} name={props.name} isOpen={open.has(row.path)} onToggle={() => toggle(row.path)} />
      ))}
      {more && (
        <Button variant="inline-link" onClick={() => setLimit(limit + STEP)}>
          {t('showMore', { count: STEP })}
        </Button>
      )}
    </div>
  );
}

function Row(props: { row: JsonRow; name: string; isOpen: boolean; onToggle(): void }) {
  const { t } = useTranslation('trace');
  const { row, isOpen } = props;
  const canOpen = row.count > 0;
  const key = row.key ?? props.name;
  return (
    <div className="json-row" style={{ paddingInlineStart: Math.min(row.depth, DEEPEST_INDENT) * INDENT_PX }}>
      {canOpen ? (
        <button
          type="button"
          className="json-toggle"
          aria-expanded={isOpen}
          aria-label={t('toggleMember', { name: visible(key).slice(0, 100) })}
          onClick={props.onToggle}
        >
          {isOpen ? '▾' : '▸'}
        </button>
      ) : (
        <span className="json-toggle" />
      )}
      <span className="json-key">{visible(key).slice(0, LONG)}</span>
      <span className="json-faint">:</span>
      <Value row={row} fileName={`${key.slice(0, 60)}.txt`} isOpen={isOpen} />
      {row.depth > DEEPEST_INDENT && <span className="json-faint">{t('depth', { depth: row.depth })}</span>}
    </div>
  );
}

function Value(props: { row: JsonRow; fileName: string; isOpen: boolean }) {
  const { t } = useTranslation('trace');
  const { row } = props;
  if (row.kind === 'object') {
    return <span className="json-faint">{row.count ? `{ ${t('members', { count: row.count })} }` : '{}'}</span>;
  }
  if (row.kind === 'array') {
    return <span className="json-faint">{row.count ? `[ ${t('entries', { count: row.count })} ]` : '[]'}</span>;
  }
  if (row.kind === 'string') {
    const text = String(row.value);
    if (text.length > LONG) return <LongText text={text} fileName={props.fileName} hasActions />;
    return <span className="json-value json-string">"{visible(text)}"</span>;
  }
  return <span className="json-value json-other">{String(row.value ?? 'null')}</span>;
}
