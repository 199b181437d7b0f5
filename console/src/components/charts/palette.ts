/** Colours of charts, as in app.css: a canvas cannot read custom properties. */
export interface Palette {
  text: string;
  axis: string;
  grid: string;
  ground: string;
  cell: string;
  brush: string;
  ok: string;
  error: string;
  throttle: string;
  fault: string;
  a: string;
  b: string;
  p50: string;
  p90: string;
  p99: string;
  plain: string;
  whole: string;
  band: string;
  shade: string;
}

export const LIGHT: Palette = {
  text: '#424650',
  axis: '#8c8c94',
  grid: '#ebebf0',
  ground: '#ffffff',
  cell: '#0972d3',
  brush: 'rgba(9, 114, 211, 0.18)',
  ok: '#1d8102',
  error: '#b06000',
  throttle: '#7b3fc4',
  fault: '#d13212',
  a: '#1d8102',
  b: '#0972d3',
  p50: '#0972d3',
  p90: '#7b3fc4',
  p99: '#b4307b',
  plain: '#0972d3',
  whole: '#8c8c94',
  band: 'rgba(9, 114, 211, 0.2)',
  shade: 'rgba(209, 50, 18, 0.1)',
};

export const DARK: Palette = {
  text: '#c6c6cd',
  axis: '#656871',
  grid: '#333843',
  ground: '#161d26',
  cell: '#539fe5',
  brush: 'rgba(83, 159, 229, 0.25)',
  ok: '#6cc04a',
  error: '#f0a33a',
  throttle: '#b98af0',
  fault: '#ff6b57',
  a: '#6cc04a',
  b: '#539fe5',
  p50: '#539fe5',
  p90: '#b98af0',
  p99: '#f383bb',
  plain: '#539fe5',
  whole: '#656871',
  band: 'rgba(83, 159, 229, 0.28)',
  shade: 'rgba(255, 107, 87, 0.15)',
};
