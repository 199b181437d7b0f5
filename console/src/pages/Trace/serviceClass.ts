const SERVICE_COLORS = 10;

/** The class that gives the colour of a service, by its position among those of the trace. */
export function serviceClass(service: number | undefined): string {
  return service === undefined || service < 0 ? 'tl-none' : `tl-s${service % SERVICE_COLORS}`;
}
