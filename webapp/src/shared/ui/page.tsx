/* A screen: its title in the document and in an h1 that takes the focus after a navigation, so that a screen reader
   begins there and the keyboard goes on from there. */
import { useEffect, useRef, type ReactNode } from "react";
import { NavigationType, useNavigationType } from "react-router";

let loaded = false;

export interface PageProps {
  title: string;
  /** Shown above the title: where this page belongs. */
  back?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  /** The title is for screen readers only: the screen says what it is by itself. */
  quiet?: boolean;
  children: ReactNode;
}

export function Page({ title, back, lead, actions, quiet = false, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const navigation = useNavigationType();

  useEffect(() => {
    document.title = `${title} · Quilowatt`;
  }, [title]);

  useEffect(() => {
    if (loaded) {
      heading.current?.focus({ preventScroll: true });
      if (navigation !== NavigationType.Pop) window.scrollTo(0, 0);
    }
    loaded = true;
    // Once per screen: a change of the query string is not a new one.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  return (
    <div className="page">
      <header className={quiet ? "page-head visually-hidden" : "page-head"}>
        {back}
        <div className="page-head-row">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {actions ? <div className="page-actions">{actions}</div> : null}
        </div>
        {lead ? <p className="page-lead">{lead}</p> : null}
      </header>
      {children}
    </div>
  );
}
