import { type ReactNode, useState } from 'react';
import { Button, Input } from '../ui/controls.tsx';

/** A field to write a message, and a button to send it. */
export function MessageForm(props: {
  label: string;
  placeholder: string;
  onSend: (text: string) => void;
  /** Nothing can be sent now. */
  off?: boolean;
  /** More buttons. */
  children?: ReactNode;
}) {
  const { onSend, off = false, children, ...field } = props;
  const [text, setText] = useState('');
  return (
    <form
      className="ui-form"
      onSubmit={(event) => {
        event.preventDefault();
        onSend(text);
        setText('');
      }}
    >
      <Input {...field} value={text} required onChange={(event) => setText(event.target.value)} />
      <Button type="submit" kind="primary" off={off}>
        Send
      </Button>
      {children}
    </form>
  );
}
