import functionsCode from './solutions/functions.py?raw';
import fusedCode from './solutions/fused.py?raw';
import lectureCode from './solutions/lecture.py?raw';
import loopsCode from './solutions/loops.py?raw';
import matricesCode from './solutions/matrices.py?raw';
import temporariesCode from './solutions/temporaries.py?raw';

export interface Solution {
  readonly name: string;
  readonly code: string;
}

/** Right backward passes of all 26 rows, no two written alike; PyTorch 1.13 confirms each (../../fixtures/mutants). */
export const solutions: readonly Solution[] = [
  { name: 'lecture', code: lectureCode },
  { name: 'functions', code: functionsCode },
  { name: 'fused', code: fusedCode },
  { name: 'loops', code: loopsCode },
  { name: 'matrices', code: matricesCode },
  { name: 'temporaries', code: temporariesCode },
];
