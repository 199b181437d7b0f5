import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { Component, type ReactNode } from 'react';
import { Translation } from 'react-i18next';

/** Keeps what surrounds a page when the page itself fails. `place` is where one is: another place tries again. */
export class ErrorBoundary extends Component<
  { place: string; children: ReactNode },
  { error: Error | null; place: string }
> {
  override state = { error: null as Error | null, place: this.props.place };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  static getDerivedStateFromProps(props: { place: string }, state: { place: string }) {
    return props.place === state.place ? null : { error: null, place: props.place };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <Translation>
        {(t) => (
          <Alert
            type="error"
            header={t('broken')}
            action={<Button onClick={() => window.location.reload()}>{t('reload')}</Button>}
          >
            <p>{t('brokenWhat')}</p>
            <pre className="code text-as-sent">{String(error.stack ?? error)}</pre>
          </Alert>
        )}
      </Translation>
    );
  }
}
