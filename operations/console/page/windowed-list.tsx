/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface WindowedListProps<Item> {
  readonly items: readonly Item[];
  /** Pixels of each row, which all have the same. */
  readonly rowHeight: number;
  readonly keyOf: (item: Item) => string;
  readonly row: (item: Item) => ComponentChildren;
  readonly label: string;
  /** Called when somebody has scrolled to about the last of the items. */
  readonly onEnd?: () => void;
  /** Called with the items in the document, when others are, once nobody has scrolled for a moment. */
  readonly onSeen?: (items: readonly Item[]) => void;
  /** Which columns its rows have, as the style sheet knows them. */
  readonly kind: string;
}

/** Rows beyond those that are seen, so that scrolling shows no gap. */
const margin = 8;

/** Milliseconds without scrolling after which what is seen counts as seen. */
const settled = 200;

/** A list of which only the rows that are seen are in the document, however many there are. */
export const WindowedList = <Item,>({
  items,
  rowHeight,
  keyOf,
  row,
  label,
  kind,
  onEnd,
  onSeen,
}: WindowedListProps<Item>) => {
  const element = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  useEffect(() => {
    const list = element.current;
    if (!list) return undefined;
    const look = (): void => {
      setView({ top: list.scrollTop, height: list.clientHeight });
    };
    look();
    list.addEventListener('scroll', look, { passive: true });
    window.addEventListener('resize', look);
    return () => {
      list.removeEventListener('scroll', look);
      window.removeEventListener('resize', look);
    };
  }, []);
  const first = Math.max(0, Math.floor(view.top / rowHeight) - margin);
  const last = Math.min(items.length, Math.ceil((view.top + view.height) / rowHeight) + margin);
  const isAtEnd = items.length > 0 && last >= items.length;
  useEffect(() => {
    if (isAtEnd) onEnd?.();
  }, [isAtEnd, items.length]);
  const seen = items.slice(first, last);
  useEffect(() => {
    const timer = setTimeout(() => onSeen?.(seen), settled);
    return () => {
      clearTimeout(timer);
    };
  }, [seen.map(keyOf).join('\n')]);
  return (
    <div class={`list ${kind}`} ref={element} role="list" aria-label={label} tabIndex={0}>
      <div style={{ height: `${items.length * rowHeight}px`, position: 'relative' }}>
        {seen.map((item, index) => (
          <div
            key={keyOf(item)}
            class="row"
            role="listitem"
            aria-setsize={items.length}
            aria-posinset={first + index + 1}
            style={{ top: `${(first + index) * rowHeight}px`, height: `${rowHeight}px` }}
          >
            {row(item)}
          </div>
        ))}
      </div>
    </div>
  );
};
