/**
 * Moving and zooming with mouse, pen, fingers and wheel. The wheel alone scrolls the page, as
 * everywhere; with Ctrl, which a pinch on a touchpad also says, it zooms. Nothing to read first.
 */

export interface Gestures {
  /** By so many pixels. */
  pan(dx: number, dy: number): void;
  /** By a factor, around a place in the element. */
  zoom(factor: number, x: number, y: number): void;
}

/** A pointer that moves less than this has not dragged. */
const THRESHOLD = 4;

/** Calls back while the element is dragged, pinched, or turned at with the wheel. */
export function onGestures(element: HTMLElement, act: Gestures, signal: AbortSignal): void {
  const pointers = new Map<number, { x: number; y: number }>();
  let isDragging = false;
  let start = { x: 0, y: 0 };

  /** A place in the window, from the corner inside of the border. */
  const within = (x: number, y: number): [number, number] => {
    const { left, top } = element.getBoundingClientRect();
    return [x - left - element.clientLeft, y - top - element.clientTop];
  };
  const spread = () => {
    const [a, b] = [...pointers.values()];
    return {
      length: Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)),
      x: (a.x + b.x) / 2,
      y: (a.y + b.y) / 2,
    };
  };
  element.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0 || isControl(event)) return;
      pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (pointers.size === 1) {
        isDragging = false;
        start = { x: event.clientX, y: event.clientY };
      }
    },
    { signal },
  );
  element.addEventListener(
    "pointermove",
    (event) => {
      const before = pointers.get(event.pointerId);
      if (before === undefined || pointers.size > 2) return;
      const now = { x: event.clientX, y: event.clientY };
      if (pointers.size === 2) {
        const old = spread();
        pointers.set(event.pointerId, now);
        const { length, x, y } = spread();
        act.pan(x - old.x, y - old.y);
        act.zoom(length / old.length, ...within(x, y));
        isDragging = true;
      } else {
        if (!isDragging && Math.hypot(now.x - start.x, now.y - start.y) < THRESHOLD) return;
        if (!isDragging) element.setPointerCapture(event.pointerId); // the click stays a click till then
        isDragging = true;
        element.classList.add("is-dragged");
        pointers.set(event.pointerId, now);
        act.pan(now.x - before.x, now.y - before.y);
      }
    },
    { signal },
  );
  const end = (event: PointerEvent) => {
    if (!pointers.delete(event.pointerId)) return;
    element.classList.remove("is-dragged");
    if (isDragging && pointers.size === 0 && event.type === "pointerup") swallowClick(element);
  };
  for (const type of ["pointerup", "pointercancel"] as const) {
    element.addEventListener(type, end, { signal });
  }
  element.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 16 : 1;
      const turn = Math.max(-60, Math.min(60, event.deltaY * lines));
      act.zoom(Math.exp(-turn / 150), ...within(event.clientX, event.clientY));
    },
    { signal, passive: false },
  );
}

const isControl = ({ target }: Event): boolean =>
  target instanceof Element && target.closest("button, input, select") !== null;

/** The end of a drag is no click. */
function swallowClick(element: HTMLElement): void {
  const stop = (event: Event) => event.stopPropagation();
  element.addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => element.removeEventListener("click", stop, { capture: true }));
}
