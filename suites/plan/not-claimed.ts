import { isPaged } from '../../generators/history/pages.js';
import { pageOf } from '../../generators/history/play.js';
import { isReuse } from '../../generators/history/reuse.js';
import { withinLimits } from '../../generators/lib/limits.js';
import { maskForm, masksOf } from '../../generators/whole/mask-form.js';
import { neverDense } from '../../spec/claims/capabilities.js';
import type { Claims } from '../../spec/claims/claims.js';
import { fixedOptions } from '../../spec/claims/fixed.js';
import type { Case, Operator } from '../../spec/types/documents.js';

/** Returns the first demand of a case that is not claimed, in words, ignoring `excludes`. */
export function whyNotClaimed(claims: Claims, c: Case): string | undefined {
  const { dtypes, operators, limits, grouped, options, layouts, strided, pages, reuse } = claims.capabilities;
  if (!dtypes.includes(c.dtype)) return `${c.dtype} is not claimed`;
  if (!operators.includes(c.operator)) return `operator ${c.operator} is not claimed`;
  if (!withinLimits(limits, c.dims)) {
    const sizes = Object.entries(c.dims).filter(([axis]) => axis in limits);
    return `its limits leave out ${sizes.map(([axis, size]) => `${axis} = ${size}`).join(', ')}`;
  }
  if (c.dims.g > 1 && !grouped) return 'shared key heads are not claimed';
  const option = Object.keys(c.options).find((name) => !options.includes(name as (typeof options)[number]));
  if (option !== undefined) return `option ${option} is not claimed`;
  const fixed = Object.entries(fixedOptions(claims.capabilities, claims.operator(c.operator) as Operator));
  const [own] = fixed.find(([name, value]) => c.options[name] !== value) ?? [];
  if (own !== undefined) return `the implementation computes ${own} itself: the case must have its value`;
  if (!layouts.includes(c.layout)) return `layout ${c.layout} is not claimed`;
  if (c.views && !strided) return 'strided tensors are not claimed';
  if (isPaged(c) && !pages?.sizes.includes(pageOf(c.history))) return 'pages of this size are not claimed';
  const onlyPages = neverDense(claims.capabilities);
  if (onlyPages !== undefined && !isPaged(c)) return onlyPages;
  if (isReuse(c) && !reuse) return 'reuse of outputs is not claimed';
  return maskForm(claims, c, masksOf(claims.library, c).own)
    ? undefined
    : 'accepts neither this mask by name nor a dense mask of a fitting shape';
}
