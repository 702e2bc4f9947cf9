/* global console, process */
/* Runs before anything is installed, on whatever Node there is: nothing in here may be newer than ES5. */
var required = 16;
var found = process.versions.node;
var refusal = 'sqs-browser needs Node ' + required + ' or newer to be installed, and this is Node ' + found + '.';
var remedy =
  'Get a newer one at https://nodejs.org; everything after that runs on the Node 24 that is installed with the project.';

/* Node 16 is the first that comes with an npm that reads this project's lock file. */
if (Number(found.split('.')[0]) < required) {
  console.error(refusal + '\n' + remedy);
  process.exit(1);
}
