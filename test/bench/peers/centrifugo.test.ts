import { expect, test } from '@jest/globals';
import { versionOf } from '../../../bench/peers/centrifugo.ts';

test('a program that cannot be run is named, with how to get it', () => {
  expect(() => versionOf('/no/such/centrifugo')).toThrow(
    /^The program "\/no\/such\/centrifugo" cannot be run \(ENOENT\)\. `go install github\.com\/centrifugal\/centrifugo\/v6@v[\d.]+` makes it/,
  );
});
