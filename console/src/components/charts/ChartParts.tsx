import Button from '@cloudscape-design/components/button';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import './charts.css';

/**
 * A chart, and the same figures as a table for those who cannot see it or want the numbers.
 *
 * `rows` begin with their heading cell.
 */
export function ChartWithTable(props: {
  label: string;
  heightPx: number;
  columns: readonly string[];
  rows: () => readonly (readonly string[])[];
  hint?: string | undefined;
  extra?: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const [isTable, setTable] = useState(false);
  return (
    <div className="chart">
      {isTable ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable area has to be reached with the keyboard
        <section className="chart-table" style={{ maxHeight: props.heightPx }} tabIndex={0} aria-label={props.label}>
          <table>
            <caption>{props.label}</caption>
            <thead>
              <tr>
                {props.columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {props.rows().map(([head, ...cells]) => (
                <tr key={head}>
                  <th scope="row">{head}</th>
                  {cells.map((cell, index) => (
                    <td key={index}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : (
        props.children
      )}
      <div className="chart-foot">
        <span className="chart-hint">{isTable ? '' : props.hint}</span>
        {props.extra}
        <Button variant="inline-link" onClick={() => setTable(!isTable)}>
          {isTable ? t('asChart') : t('asTable')}
        </Button>
      </div>
    </div>
  );
}
