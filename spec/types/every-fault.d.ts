// Generated from spec/schema by `npm run generate`. Do not edit.
import type { ValidateFunction } from 'ajv';
import type { Documents } from './documents.js';
export declare const validateProcessReply: ValidateFunction<Documents['processReply']>;
export declare const validateProcessStart: ValidateFunction<Documents['processStart']>;
