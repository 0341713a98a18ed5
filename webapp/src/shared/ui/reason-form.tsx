/* A button that opens into a small form with words in it: why something is decided, or a note. Sending says what became of it in the same place; closing
   gives the focus back to the button. */
import { useMutation } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from "react";
import { useI18n } from "@/shared/i18n/i18n";
import { fitBytes } from "@/shared/lib/fit-bytes";
import { Icon, type IconName } from "./icon";
import { reasonOf } from "./states";

export interface ReasonFormProps<T> {
  /** On the button that opens it. */
  opener: string;
  /** On the button that sends it. */
  submit?: string;
  label: string;
  bytesMax: number;
  required?: boolean;
  icon?: IconName;
  /** There from the start, and cannot be closed. */
  always?: boolean;
  /** The fields before the words hold what can be sent. */
  ready?: boolean;
  /** Fields before the words; rendered only while it is open. */
  children?: ReactNode;
  /** Other buttons beside the one that opens it. */
  beside?: ReactNode;
  send: (words: string) => Promise<T>;
  onDone?: (made: T) => void;
  done: (made: T) => ReactNode;
}

export function ReasonForm<T>(props: ReasonFormProps<T>) {
  const { opener, icon, always = false, beside, done } = props;
  const [open, setOpen] = useState(always);
  const wasOpen = useRef(always);
  const button = useRef<HTMLButtonElement>(null);
  const end = useRef<HTMLParagraphElement>(null);
  const mutation = useMutation({ mutationFn: props.send, ...(props.onDone ? { onSuccess: props.onDone } : {}) });

  useEffect(() => {
    if (!open && wasOpen.current) button.current?.focus();
    wasOpen.current = open;
  }, [open]);
  useEffect(() => {
    if (mutation.isSuccess) end.current?.focus();
  }, [mutation.isSuccess]);

  if (mutation.isSuccess) {
    return (
      <p ref={end} className="form-done" role="status" tabIndex={-1}>
        {done(mutation.data)}
      </p>
    );
  }
  if (!open) {
    const opening = (
      <button ref={button} type="button" className="button button-small" onClick={() => setOpen(true)}>
        {icon ? <Icon name={icon} size={18} /> : null}
        {opener}
      </button>
    );
    return beside ? (
      <div className="form-actions">
        {opening}
        {beside}
      </div>
    ) : (
      opening
    );
  }
  return <OpenForm {...props} always={always} close={() => setOpen(false)} pending={mutation.isPending} error={mutation.error} go={mutation.mutate} />;
}

interface OpenFormProps<T> extends ReasonFormProps<T> {
  close: () => void;
  pending: boolean;
  error: Error | null;
  go: (words: string) => void;
}

function OpenForm<T>({ opener, submit = opener, label, bytesMax, required = false, always = false, ready = true, children, close, pending, error, go }: OpenFormProps<T>) {
  const { t } = useI18n();
  const [words, setWords] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  useEffect(() => {
    if (!always) form.current?.querySelector<HTMLElement>("input, select, textarea")?.focus();
  }, [always]);
  const send = (event: FormEvent) => {
    event.preventDefault();
    go(words.trim());
  };
  return (
    <form ref={form} className="ack-form" onSubmit={send}>
      {children}
      <label htmlFor={id}>{label}</label>
      <textarea id={id} value={words} required={required} maxLength={bytesMax} rows={2} onChange={(event) => setWords(fitBytes(event.target.value, bytesMax))} />
      {error ? (
        <p className="form-error" role="alert">
          {reasonOf(error, t)}
        </p>
      ) : null}
      <div className="form-actions">
        <button type="submit" className="button button-primary button-small" disabled={pending || !ready || (required && words.trim() === "")}>
          {pending ? t("action.sending") : submit}
        </button>
        {always ? null : (
          <button type="button" className="button button-small" onClick={close}>
            {t("action.cancel")}
          </button>
        )}
      </div>
    </form>
  );
}
