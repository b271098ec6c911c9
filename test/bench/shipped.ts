/** The node's modules as they ship, the same ones that a host in this process runs. */
import { createRequire } from 'node:module';
import path from 'node:path';

const load = createRequire(__filename);

/** @param name of a module in the node's folder, such as `lemlist/schemas` */
export function shipped(name: string): unknown {
	return load(path.resolve(__dirname, '../../dist/nodes/LemlistTrigger', `${name}.js`));
}
