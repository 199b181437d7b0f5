import { Navigate, Route, Routes } from 'react-router';
import { NotFound } from '@/components/NotFound';
import { FaultSwitches } from './FaultSwitches';
import { FunctionPage } from './FunctionPage';
import { Functions } from './Functions';
import { LogGroups } from './LogGroups';
import { StackPage } from './StackPage';
import { Stacks } from './Stacks';
import { TaggedResources } from './TaggedResources';
import { LAB_STACKS } from './url';

/** The serverless lab beside the server: its stacks, functions, tags, faults and logs. */
export default function Lab() {
  return (
    <Routes>
      <Route index element={<Navigate to={LAB_STACKS} replace />} />
      <Route path="stacks" element={<Stacks />} />
      <Route path="stacks/:name" element={<StackPage />} />
      <Route path="functions" element={<Functions />} />
      <Route path="functions/:name" element={<FunctionPage />} />
      <Route path="resources" element={<TaggedResources />} />
      <Route path="faults" element={<FaultSwitches />} />
      <Route path="log-groups" element={<LogGroups />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}
