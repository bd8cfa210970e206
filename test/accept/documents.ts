import { createLibrary } from '../../dist/spec/library.js';
import type { Operator } from '../../dist/spec/types/documents.js';
import { compareGradients } from '../../dist/suites/documents/gradients.js';
import { compareForms } from '../../dist/suites/documents/second-form.js';

/** Cases on which gradients are held to differences. */
const GRADIENTS = 50;
/** Seconds that the forms of a document may be compared for. */
const LIMIT = 5;
/** Cases that are compared at a time. */
const AT_A_TIME = 20;

/** Holds the second form of every document to its first, and its gradients to differences. @returns what is wrong, in words. */
export async function documentsHold(count: number): Promise<string[]> {
  const library = createLibrary();
  const wrong: string[] = [];
  for (const operator of library.operators.values()) {
    const forms = formsOf(library, operator, count);
    const gradient = compareGradients(library, operator, GRADIENTS);
    const told = [...forms.wrong, ...(gradient ? [`d${gradient.input} is not the derivative: ${JSON.stringify(gradient)}`] : [])];
    console.log(`  ${operator.name}: ${forms.told}; gradients on ${GRADIENTS} cases${told.length > 0 ? ': WRONG' : ''}`);
    wrong.push(...told.map((text) => `${operator.name}: ${text}`));
  }
  return wrong;
}

function formsOf(library: ReturnType<typeof createLibrary>, operator: Operator, count: number): { told: string; wrong: string[] } {
  if (!operator.second) return { told: 'no second form', wrong: ['it has no second form'] };
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  let elements = 0;
  let undecided = 0;
  let cases = 0;
  while (cases < count && seconds() < LIMIT) {
    const some = Math.min(AT_A_TIME, count - cases);
    const found = compareForms(library, operator, some, cases);
    cases += some;
    elements += found?.elements ?? 0;
    undecided += found?.undecided ?? 0;
    if (found?.disagreement)
      return { told: `differs within ${cases} cases`, wrong: [`the forms differ: ${JSON.stringify(found.disagreement)}`] };
  }
  const share = undecided / (elements + undecided);
  const told = `${cases} cases in ${seconds().toFixed(1)} s, ${elements} elements within both bounds, ${(100 * share).toFixed(2)} % undecided`;
  return { told, wrong: share < 0.1 ? [] : [`${(100 * share).toFixed(1)} % of its elements are undecided`] };
}
