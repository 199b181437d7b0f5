import type { components, operations as Operations } from './generated/openapi';
import { operations } from './generated/operations';
import { isErrorAnswer } from './generated/validators';

export type Schemas = components['schemas'];
export type OperationId = keyof typeof operations;

type Json<T> = T extends { content: { 'application/json': infer Body } } ? Body : never;
/** What is there, or nothing to be asked for. */
type Given<T> = [NonNullable<T>] extends [never] ? unknown : NonNullable<T>;
type Asked<Id extends OperationId> = Operations[Id];
type BodyOf<Id extends OperationId> =
  Asked<Id> extends { requestBody: { content: unknown } } ? Json<Asked<Id>['requestBody']> : unknown;
type ParametersOf<Id extends OperationId> = Given<Asked<Id>['parameters']['path']> &
  Given<Asked<Id>['parameters']['query']>;

/** What an operation is asked: members of its path, its query and its body alike. */
export type Question<Id extends OperationId> = BodyOf<Id> & ParametersOf<Id>;
export type Answer<Id extends OperationId> = Operations[Id] extends { responses: { 200: infer Response } }
  ? Json<Response>
  : never;

/** Where a filter expression cannot be read; places count from 1. */
export interface FilterPlace {
  line: number;
  column: number;
  expected: readonly string[];
}

/**
 * Why there is no answer.
 *
 * `unreachable`: nobody answered. `session`: somebody in between wants a login. `refused`: the question was wrong, or
 * nothing is there. `failed`: the server could not. `unreadable`: the answer is none that this console knows.
 */
export type TroubleKind = 'unreachable' | 'session' | 'refused' | 'failed' | 'unreadable';

export class Trouble extends Error {
  constructor(
    readonly kind: TroubleKind,
    message: string,
    readonly code: string = '',
    readonly place: FilterPlace | null = null,
  ) {
    super(message);
    this.name = 'Trouble';
  }
}

/**
 * Ask the server. The answer has been checked against the server's OpenAPI document.
 *
 * Throws Trouble; an aborted request throws the browser's AbortError.
 */
export async function ask<Id extends OperationId>(
  id: Id,
  question: Question<Id>,
  signal?: AbortSignal,
): Promise<Answer<Id>> {
  const operation = operations[id];
  const members: Record<string, unknown> = { ...(question as Record<string, unknown>) };
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = members[name];
    delete members[name];
    return encodeURIComponent(String(value));
  });
  const hasBody = operation.method === 'POST' || operation.method === 'PUT';
  const response = await reach(hasBody ? path : path + queryOf(members), {
    method: operation.method,
    headers: hasBody ? { 'Content-Type': 'application/json' } : {},
    body: hasBody ? JSON.stringify(members) : null,
    signal: signal ?? null,
    // A login page of a proxy is no answer: it shows as a redirect and not as HTML with status 200.
    redirect: 'manual',
  });
  return read(operation.isAnswer as (value: unknown) => boolean, response) as Promise<Answer<Id>>;
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Trouble('unreachable', String(error));
  }
}

async function read(isAnswer: (value: unknown) => boolean, response: Response): Promise<unknown> {
  if (response.type === 'opaqueredirect' || response.status === 401) throw new Trouble('session', '');
  const text = await response.text().catch((error: unknown) => {
    throw new Trouble('unreachable', String(error));
  });
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // 502 to 504 of a proxy whose server is away
    const kind = response.status >= 502 ? 'unreachable' : response.status === 403 || response.ok ? 'session' : 'failed';
    throw new Trouble(kind, `HTTP ${response.status}`);
  }
  if (!response.ok) throw troubleOf(response.status, body);
  if (!isAnswer(body)) throw new Trouble('unreadable', new URL(response.url).pathname);
  return body;
}

function troubleOf(status: number, body: unknown): Trouble {
  const kind = status >= 500 ? 'failed' : 'refused';
  if (!isErrorAnswer(body)) return new Trouble(kind, `HTTP ${status}`);
  const { code, message, line, column, expected } = body.error;
  const place = line != null && column != null ? { line, column, expected: expected ?? [] } : null;
  return new Trouble(kind, message, code, place);
}

function queryOf(members: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined && value !== null) query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `?${text}` : '';
}
