import pg from 'pg';

type TypeId = Parameters<typeof pg.types.getTypeParser>[0];

/** `date` stays text (a Date would shift with the zone), bigint becomes number (ours stay below 2^53). */
export const columnTypes = {
  getTypeParser(oid: TypeId, format?: 'text' | 'binary'): unknown {
    if (oid === pg.types.builtins.DATE) return (text: string) => text;
    if (oid === pg.types.builtins.INT8) return Number;
    return pg.types.getTypeParser(oid, format);
  },
};
