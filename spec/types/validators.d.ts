// Generated from spec/schema by `npm run generate`. Do not edit.
import type { ValidateFunction } from 'ajv';
import type { Documents } from './documents.js';
export declare const validateCapabilities: ValidateFunction<Documents['capabilities']>;
export declare const validateCase: ValidateFunction<Documents['case']>;
export declare const validateCommon: ValidateFunction<Documents['common']>;
export declare const validateConfig: ValidateFunction<Documents['config']>;
export declare const validateExpectations: ValidateFunction<Documents['expectations']>;
export declare const validateFailure: ValidateFunction<Documents['failure']>;
export declare const validateMaskSpec: ValidateFunction<Documents['maskSpec']>;
export declare const validateNativeManifest: ValidateFunction<Documents['nativeManifest']>;
export declare const validateOnnxManifest: ValidateFunction<Documents['onnxManifest']>;
export declare const validateOperator: ValidateFunction<Documents['operator']>;
export declare const validateProcessCommand: ValidateFunction<Documents['processCommand']>;
export declare const validateProcessReply: ValidateFunction<Documents['processReply']>;
export declare const validateProcessStart: ValidateFunction<Documents['processStart']>;
export declare const validateProfile: ValidateFunction<Documents['profile']>;
export declare const validateResult: ValidateFunction<Documents['result']>;
export declare const validateWgslManifest: ValidateFunction<Documents['wgslManifest']>;
