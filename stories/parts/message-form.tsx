import { type ReactNode, useState } from 'react';
import { Button, Input } from '../ui/controls.tsx';

/** A field to write a message, and a button to send it. */
export function MessageForm(props: {
  label: string;
  placeholder: string;
  onSend: (text: string) => void;
  /** More buttons. */
  children?: ReactNode;
}) {
  const { onSend, children, ...field } = props;
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
      <Button type="submit" kind="primary">
        Send
      </Button>
      {children}
    </form>
  );
}
