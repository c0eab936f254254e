import type { ReactNode } from 'react';

const drawings = {
  run: <path d="M4 2.5v11l9-5.5z" fill="currentColor" />,
  pause: <path d="M4 3h3v10H4zM9 3h3v10H9z" fill="currentColor" />,
  step: <path d="M3 3v10l7-5zM11 3h2v10h-2z" fill="currentColor" />,
  stepOp: <path d="M2 6.5A5 5 0 0 1 11.5 6M12 2.5V6.5H8M8 12v.2" />,
  breakpoint: <circle cx="8" cy="8" r="4.5" fill="currentColor" />,
  back: <path d="M13 3v10L6 8zM3 3h2v10H3z" fill="currentColor" />,
  restart: <path d="M12.5 5A5.3 5.3 0 1 0 13.3 9M13 2v3.5H9.5" />,
  settings: <path d="M2 4.5h6m4 0h2M2 11.5h2m4 0h6M10 2.5v4M6 9.5v4" />,
  close: <path d="m4 4 8 8m0-8-8 8" />,
  info: <path d="M8 7v4.5M8 4.5v.2M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z" />,
  warning: <path d="M8 6v4M8 12v.2M8 2l6.5 12h-13z" />,
  error: <path d="M8 4.5V9M8 11.3v.2M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3z" />,
  done: <path d="m3 8.5 3.2 3.5L13 4.5" />,
  open: <circle cx="8" cy="8" r="5" />,
  planted: <path d="M4 14V2.5M4 3h8l-2 2.7L12 8.5H4" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof drawings;

/** A 16-pixel drawing in the colour of the text. It says nothing by itself; its neighbour must have the words. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width="14"
      height="14"
      fill="none"
      stroke={name === 'run' || name === 'pause' || name === 'step' || name === 'back' ? 'none' : 'currentColor'}
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {drawings[name]}
    </svg>
  );
}
