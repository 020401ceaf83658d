import { CloudFormation } from './cloud-formation.ts'
import type { Provider, ResourceRequest } from './resource.ts'

const place = { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' }

/** Keeps what it was asked, and refuses properties that say so. */
class Recorder implements Provider {
  readonly updates: { from: unknown; to: unknown }[] = []

  async create({ logicalId, properties }: ResourceRequest) {
    if (properties.Fails === 'yes') throw new Error(`${logicalId} fails`)
    return { physicalId: `${logicalId}-${properties.Name ?? 'x'}`, attributes: { Arn: `arn:${logicalId}` } }
  }

  update(request: ResourceRequest, before: { properties: unknown }) {
    this.updates.push({ from: before.properties, to: request.properties })
    return this.create(request)
  }

  async delete(): Promise<void> {}
}

let recorder: Recorder
let cloudFormation: CloudFormation
beforeEach(() => {
  recorder = new Recorder()
  cloudFormation = new CloudFormation({ place, providers: { T: recorder }, transforms: new Map() })
})

const resource = (properties = {}, rest = {}) => ({ Type: 'T', Properties: properties, ...rest })
const deploy = (Resources: object, rest = {}, parameters = {}) =>
  cloudFormation.deploy('s', { Resources, ...rest }, parameters)

test('resources are made after those that they refer to, with what these gave', async () => {
  const { resources } = await deploy({
    B: resource({ A: { 'Fn::GetAtt': ['A', 'Arn'] }, Name: { Ref: 'A' } }),
    A: resource(),
  })
  expect(cloudFormation.journal).toEqual(['Create A', 'Create B'])
  expect(resources.get('B')?.properties).toEqual({ A: 'arn:A', Name: 'A-x' })
})

test('what a condition takes away does not exist', async () => {
  const rest = {
    Parameters: { Stage: { Type: 'String', Default: 'dev' } },
    Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
    Outputs: { Name: { Condition: 'IsProd', Value: { Ref: 'A' } } },
  }
  const Resources = { A: resource({}, { Condition: 'IsProd' }) }
  expect((await deploy(Resources, rest)).outputs).toEqual({})
  expect((await deploy(Resources, rest, { Stage: 'prod' })).outputs).toEqual({ Name: 'A-x' })
})

test('one stack imports what another exports', async () => {
  await deploy({ A: resource() }, { Outputs: { O: { Value: { Ref: 'A' }, Export: { Name: 'Shared' } } } })
  const Resources = { B: resource({ From: { 'Fn::ImportValue': 'Shared' } }) }
  const { resources } = await cloudFormation.deploy('other', { Resources })
  expect(resources.get('B')?.properties).toEqual({ From: 'A-x' })
})

test('an update changes what differs, and deletes last what was replaced or is gone', async () => {
  await deploy({ A: resource({ Name: 'a' }), B: resource(), C: resource() })
  cloudFormation.journal.length = 0
  await deploy({ A: resource({ Name: 'b' }), B: resource() })
  expect(cloudFormation.journal).toEqual(['Update A', 'Delete A', 'Delete C'])
})

test('a failed update is undone by updates the other way round', async () => {
  await deploy({ A: resource({ V: 1 }) })
  cloudFormation.journal.length = 0
  const failing = { A: resource({ V: 2 }), B: resource({ Fails: 'yes' }, { DependsOn: 'A' }) }
  await expect(deploy(failing)).rejects.toThrow('B fails')
  expect(cloudFormation.journal).toEqual(['Update A', 'Create B', 'Rollback s', 'Update A'])
  expect(recorder.updates).toEqual([
    { from: { V: 1 }, to: { V: 2 } },
    { from: { V: 2 }, to: { V: 1 } },
  ])
})

test('an update that fails by itself is undone as well', async () => {
  await deploy({ A: resource({ V: 1 }) })
  cloudFormation.journal.length = 0
  await expect(deploy({ A: resource({ V: 2, Fails: 'yes' }) })).rejects.toThrow('A fails')
  expect(cloudFormation.journal).toEqual(['Update A', 'Rollback s', 'Update A'])
})

test('a failed creation leaves nothing', async () => {
  const Resources = { A: resource(), B: resource({ Fails: 'yes' }, { DependsOn: 'A' }) }
  await expect(deploy(Resources)).rejects.toThrow('B fails')
  expect(cloudFormation.journal).toEqual(['Create A', 'Create B', 'Rollback s', 'Delete A'])
  await expect(cloudFormation.delete('s')).rejects.toThrow('there is no stack s')
})

test('a deletion goes backwards and passes over what is to be retained', async () => {
  await deploy({
    A: resource({}, { DeletionPolicy: 'Retain' }),
    B: resource({ X: { Ref: 'A' } }),
    C: resource(),
  })
  cloudFormation.journal.length = 0
  await cloudFormation.delete('s')
  expect(cloudFormation.journal).toEqual(['Delete C', 'Delete B'])
})

test.each([
  [{ A: resource({ X: { Ref: 'Missing' } }) }, {}, 'Missing'],
  [{ A: { Type: 'Unknown::Type' } }, {}, 'Unrecognized resource types: [Unknown::Type]'],
  [{}, { Transform: 'Nobody' }, 'No transform named Nobody found'],
  [{}, { Parameters: { P: { Type: 'String' } } }, 'Parameters: [P] must have values'],
])('%j with %j is refused: %s', async (Resources, rest, message) => {
  await expect(deploy(Resources, rest)).rejects.toThrow(message)
})
