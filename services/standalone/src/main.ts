#!/usr/bin/env node
import { runMain } from './cli/main-program.js';

await runMain(process.argv);
