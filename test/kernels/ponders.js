import { kernel } from './kernel.js';
