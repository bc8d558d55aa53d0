using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Apply;
using Symbolon.Registry.Changes;
using Symbolon.Registry.Credentials;
using Symbolon.Registry.Decisions;
using Symbolon.Registry.Drift;
using Symbolon.Registry.Identities;
using Symbolon.Registry.Reviews;
using Symbolon.Registry.Secrets;
using Symbolon.Registry.Servers;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Registry;

/// <summary>The registry over a store in memory, with two administrators.</summary>
internal sealed class RegistryDesk
{
    public static readonly Requester Ann = new(OrganisationId.Default, "ann", "127.0.0.1");
    public static readonly Requester Ben = new(OrganisationId.Default, "ben");

    /// <param name="rules">Default: four eyes once there are two reviewers.</param>
    public RegistryDesk(ReviewRules? rules = null)
    {
        Rules = rules ?? new ReviewRules();
        Configuration = new Configuration(new EpochTable());
        Store = new InMemoryStore(Configuration);
        Accounts = new FakeAccounts(Audit);
        var desk = new ChangeDesk(Store, Audit, Clock);
        var use = Use = new SecretUse(Configuration);
        var events = new EventClock(Clock);
        var epochs = new CredentialEpochs(events);
        var reviews = new ReviewOpening(Store, Rules, Clock);
        Applier = new DocumentApplier(Configuration, Store, desk, use, new ServerPlan(reviews, epochs, Clock), Clock);
        Rollback = new Rollback(Store, Applier, desk);
        var changes = new ServerChange(Store, desk, epochs, Clock);
        var fourEyes = new FourEyes(Accounts, Rules);
        Manifests = new ManifestReviews(changes, Store, reviews, new ApprovalCheck(Configuration, Store, use, Hosts, Files), fourEyes, Clock);
        Servers = new ServerLifecycle(changes, reviews, new OwnSecrets(Store, use), Store, Clock);
        Quarantine = new ServerQuarantine(Configuration, Store, desk, epochs, Clock);
        Alarm = new DriftAlarm(Configuration, changes, Store, Clock);
        Reviews = new ReviewDesk(Store, Manifests, new DriftReviews(changes, Store, reviews, fourEyes), fourEyes, desk, Clock);
        Subjects = new ReviewSubjects(Store);
        Expiry = new ReviewExpiry(Store, Manifests, Clock);
        Identities = new IdentityLifecycle(Store, desk, Clock);
        Retirement = new Retirement(Store, desk, Clock);
        var holders = new KeyHolders(Configuration);
        var records = new EnrolmentRecords(Configuration, events, Clock);
        Enrolments = new EnrolmentDesk(Configuration, Store, desk, holders, records, Clock);
        Claims = new EnrolmentClaims(Configuration, Enrolments, holders, records, new KeySuccessions(Configuration, Enrolments, holders, records, Store, Clock), Store, Audit, Clock);
        var twins = new SecretTwins(Store, Box, use);
        Secrets = new UpstreamSecrets(Store, Box, desk, use, twins);
        Rotation = new SecretRotation(Store, Box, desk, use, twins, Trials);
    }

    public Configuration Configuration { get; }
    public EnrolmentDesk Enrolments { get; }
    public EnrolmentClaims Claims { get; }
    public InMemoryStore Store { get; }
    public RecordingAudit Audit { get; } = new();
    public FakeClock Clock { get; } = new();
    public FakeHosts Hosts { get; } = new();
    public FakePinnedFiles Files { get; } = new();
    public FakeSecretBox Box { get; } = new();
    public DocumentApplier Applier { get; }
    public ReviewRules Rules { get; }
    public FakeAccounts Accounts { get; }
    public Rollback Rollback { get; }
    public ManifestReviews Manifests { get; }
    public ServerLifecycle Servers { get; }
    public ServerQuarantine Quarantine { get; }
    public DriftAlarm Alarm { get; }
    public ReviewDesk Reviews { get; }
    public ReviewSubjects Subjects { get; }
    public ReviewExpiry Expiry { get; }
    public IdentityLifecycle Identities { get; }
    public Retirement Retirement { get; }
    public UpstreamSecrets Secrets { get; }
    public FakeSecretTrials Trials { get; } = new();
    public SecretRotation Rotation { get; }
    public SecretUse Use { get; }

    public static string Server(string name, string tools = """{"name":"look","effect":"read"}""", string credential = "") => $$$"""
        {"apiVersion":"symbolon/v1","kind":"Server","metadata":{"name":"{{{name}}}","owner":"ops@example.com"},
         "spec":{"upstream":{"transport":"http","url":"http://127.0.0.1:7001/mcp"},{{{credential}}}"tools":[{{{tools}}}]} }
        """;

    public static string Credential(string secret, string mode = "static") => $$"""
        "credential":{"mode":"{{mode}}","header":"X-Key","secret":"{{secret}}","expires":"2027-12-31"},
        """;

    public static string Agent(string name, string owner = "ops@example.com") => $$$"""
        {"apiVersion":"symbolon/v1","kind":"Agent","metadata":{"name":"{{{name}}}","owner":"{{{owner}}}"} }
        """;

    public static string Workflow(string name) => $$$"""
        {"apiVersion":"symbolon/v1","kind":"Workflow","metadata":{"name":"{{{name}}}","owner":"ops@example.com"} }
        """;

    public static string Grant(string name, string to = """{"users":["*"]}""", string server = "shop", string tools = """["look"]""", string more = "") => $$$"""
        {"apiVersion":"symbolon/v1","kind":"Grant","metadata":{"name":"{{{name}}}"},"spec":{"to":{{{to}}},"servers":[{"name":"{{{server}}}","tools":{{{tools}}}}]{{{more}}}} }
        """;

    public static string Resource(string name, string pattern = "project/*/metadata", string reaches = """["project/*/secrets"]""") => $$$"""
        {"apiVersion":"symbolon/v1","kind":"Resource","metadata":{"name":"{{{name}}}"},"spec":{"pattern":"{{{pattern}}}","reaches":{{{reaches}}},"sensitivity":"internal"} }
        """;

    public Task<Result<ImmutableArray<AppliedDocument>>> TryApplyAsync(Requester by, bool dryRun, params string[] documents) =>
        Applier.ApplyAsync(by, [.. documents.Select(document => JsonDocument.Parse(document).RootElement)], new ApplyOrder(dryRun, "because"), CancellationToken.None);

    public async Task<string> ApplyAsync(params string[] documents) =>
        string.Join(", ", Assert.IsType<Result<ImmutableArray<AppliedDocument>>.Done>(await TryApplyAsync(Ann, dryRun: false, documents)).Value
            .Select(document => $"{document.Key} {document.Action} {document.Version}"));

    public async Task<ChangeError> RefusedAsync(params string[] documents) =>
        Assert.IsType<Result<ImmutableArray<AppliedDocument>>.Refused>(await TryApplyAsync(Ann, dryRun: false, documents)).Why;

    public async Task<ServerObject> ApproveAsync(string name, int version) =>
        Assert.IsType<Result<VersionedServer>.Done>(await Manifests.ApproveAsync(Ben, new ServerName(name), version, inside: false, null, null, CancellationToken.None)).Value.Server;

    public ServerObject Find(string server) => Configuration.Server(OrganisationId.Default, new ServerName(server))!;
}
