import { jest } from '@jest/globals';

// Tests on real parts wait for conditions with deadlines of their own; Jest's five seconds would judge the machine.
jest.setTimeout(240_000);
