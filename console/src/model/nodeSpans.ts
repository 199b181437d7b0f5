import type { Schemas } from '@/api/client';
import { isSet, SpanFlag, spansThat, type TraceTree } from './traceTree';

const LAMBDA = 'AWS::Lambda';

/**
 * For every span 1 where it stands for a node of the trace's map: those of the service itself, and for a node that was
 * inferred the calls of its callers that reach it.
 */
export function spansOfNode(tree: TraceTree, map: Schemas['TraceMapAnswer'], key: string): Uint8Array {
  const node = map.nodes.find((each) => each.key === key);
  if (!node) return new Uint8Array(tree.size);
  const isOwn = tree.services.map((service) => service.name === node.name && isSameType(service.type, node.type));
  const callers = new Set(map.edges.filter((edge) => edge.target === key && !edge.is_link).map((edge) => edge.source));
  const callerNodes = map.nodes.filter((each) => callers.has(each.key));
  const isCaller = tree.services.map((service) =>
    callerNodes.some((caller) => caller.name === service.name && isSameType(service.type, caller.type)),
  );
  // A resource has another name than the calls that reach it: `DynamoDB` calls reach a table of some name.
  const reaches = tree.names.map(
    (name) => name === node.name || node.type.toLowerCase().startsWith(`aws::${name.toLowerCase()}::`),
  );
  return spansThat(tree, (i) => {
    const service = tree.service[i] ?? -1;
    if (node.is_client) return false;
    if (isSet(tree.flags[i], SpanFlag.inferred)) {
      return !node.reporting && isCaller[service] === true && reaches[tree.name[i] ?? -1] === true;
    }
    return node.reporting && isOwn[service] === true;
  });
}

/** A map may show both nodes of a Lambda function as one. */
function isSameType(a: string, b: string): boolean {
  return a === b || (a.startsWith(LAMBDA) && b.startsWith(LAMBDA));
}
