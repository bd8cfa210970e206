import { execFileSync } from 'node:child_process';

/** Hosts and judges are compiled files: tests run what a user would. */
export default function build(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
}
