/** Dragging to the left and right, with mouse, pen or finger. Nothing to read first. */

export interface Drag<Start> {
  /** What `begin` returned. */
  readonly start: Start;
  /** How far to the right of where it began, in pixels. */
  readonly x: number;
  readonly isShift: boolean;
}

export interface Dragged<Start> {
  /** Called when the pointer goes down; undefined: nothing to drag here. */
  begin(event: PointerEvent): Start | undefined;
  move(drag: Drag<Start>): void;
  /** Called after a drag. */
  end?(start: Start): void;
  /** Called after a press without a drag, with its time in milliseconds. */
  tap?(time: number): void;
}

/** A pointer that moves less than this has not dragged. */
const threshold = 3;

/** Calls back while the element is dragged. Text is not selected meanwhile. */
export function onDrag<Start>(target: Element, { begin, move, end, tap }: Dragged<Start>): void {
  const element = target as HTMLElement; // events and pointer capture are the same for all elements
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    const start = begin(event);
    if (start === undefined) return;
    event.preventDefault(); // no selection
    element.setPointerCapture(event.pointerId);
    let isDragging = false;
    const ending = new AbortController();
    const { signal } = ending;
    element.addEventListener(
      "pointermove",
      ({ clientX, shiftKey }) => {
        const x = clientX - event.clientX;
        isDragging ||= Math.abs(x) >= threshold;
        if (isDragging) move({ start, x, isShift: shiftKey });
      },
      { signal },
    );
    const finish = ({ type, timeStamp }: Event) => {
      ending.abort();
      if (isDragging) {
        if (type === "pointerup") swallowClick();
        end?.(start);
      } else if (type === "pointerup") tap?.(timeStamp);
    };
    for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) {
      element.addEventListener(type, finish, { signal });
    }
  });
}

/** The end of a drag is no click. */
function swallowClick(): void {
  const stop = (event: Event) => event.stopPropagation();
  addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", stop, { capture: true }));
}
