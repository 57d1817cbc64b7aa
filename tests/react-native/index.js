import * as hooks from 'react-lifeline';
import * as core from 'react-lifeline/core';
import * as delivery from 'react-lifeline/delivery';
import * as native from 'react-lifeline/native';
import * as presence from 'react-lifeline/presence';

globalThis.entries = { hooks, core, delivery, native, presence };
