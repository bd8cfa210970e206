/** The module that `npm run build` compiles from assembly/loops.ts, in base64. */
export declare const bytes: string;
