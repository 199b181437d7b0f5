/** Parts of a stack's page. */
export const STACK_TABS = ['events', 'resources', 'outputs', 'parameters', 'tags'] as const;
export type StackTab = (typeof STACK_TABS)[number];

/** Parts of a function's page. */
export const FUNCTION_TABS = ['code', 'configuration', 'logs', 'tags'] as const;
export type FunctionTab = (typeof FUNCTION_TABS)[number];

export const LAB_STACKS = '/lab/stacks';
export const LAB_FUNCTIONS = '/lab/functions';

/** The address of a stack. */
export function stackUrl(name: string, tab?: StackTab): string {
  return `${LAB_STACKS}/${encodeURIComponent(name)}${tab ? `?tab=${tab}` : ''}`;
}

/** The address of a function; of one request's log lines where its id is given. */
export function functionUrl(name: string, tab?: FunctionTab, requestId?: string): string {
  const query = new URLSearchParams();
  if (tab) query.set('tab', tab);
  if (requestId) query.set('requestId', requestId);
  const text = query.toString();
  return `${LAB_FUNCTIONS}/${encodeURIComponent(name)}${text ? `?${text}` : ''}`;
}

/** The address of a search for what carries a tag. */
export function resourcesUrl(key?: string, value?: string): string {
  return `/lab/resources${key ? `?${new URLSearchParams({ key, value: value ?? '' })}` : ''}`;
}

/** The part that an address shows; the first where it names none. */
export function tabFrom<Tab extends string>(query: URLSearchParams, tabs: readonly [Tab, ...Tab[]]): Tab {
  return tabs.find((tab) => tab === query.get('tab')) ?? tabs[0];
}
