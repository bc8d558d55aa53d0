using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Core.Snapshot;
using Symbolon.Storage;
using Symbolon.Testing.Storage;

namespace Symbolon.EndToEndTests.Crowds;

/// <summary>
/// Puts callers of two organisations into the store of a program that is not running. No address and no command makes a second organisation yet, but the
/// store, the gateway's tables and the tokens have it: its servers are copies of the first one's, by the same names, at an address of its own.
/// </summary>
internal static class TwoOrganisations
{
    public const string First = "default";
    public const string Second = "acme";

    private static readonly string[] Servers = ["crowd", "sh"];

    /// <param name="url">Of the second organisation's server over HTTP.</param>
    /// <returns>Whoever may come, the organisations in turns.</returns>
    public static async Task<IReadOnlyList<CrowdSeat>> SeatAsync(string folder, int each, Uri url)
    {
        using var store = new OpenStore(new StorageOptions { DataDirectory = folder });
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        foreach (var name in Servers) await CopyAsync(store, name, url, now);
        var seats = new List<CrowdSeat>();
        for (var number = 0; number < each; number++)
        {
            foreach (var organisation in (string[])[First, Second])
            {
                var seat = new CrowdSeat(organisation, number, PastedToken.Create(TokenKind.Agent));
                await CommitAsync(store, organisation, now, AgentOf(seat), GrantOf(seat), TokenOf(seat, now));
                seats.Add(seat);
            }
        }
        return seats;
    }

    private static async Task CopyAsync(OpenStore store, string name, Uri url, long now)
    {
        var key = new ObjectKey(ObjectKind.Server, name);
        var server = (ServerObject)(await store.Objects.FindObjectAsync(new(First), key, CancellationToken.None))!.Value.Item;
        var approved = server.Approved!;
        if (approved.Manifest.Upstream is UpstreamAddress.Http http)
            server = server with { Approved = approved with { Manifest = approved.Manifest with { Upstream = http with { Url = url } } } };
        await CommitAsync(store, Second, now, new Change.PutObject(key, 0, server));
    }

    private static Change.PutObject AgentOf(CrowdSeat seat) => new(
        new ObjectKey(ObjectKind.Agent, seat.Marker), 0, new AgentObject { Name = new AgentName(seat.Marker), Owner = "owner@example.com" });

    private static Change.PutObject GrantOf(CrowdSeat seat) => new(new ObjectKey(ObjectKind.Grant, seat.Marker), 0, new GrantObject
    {
        Name = new GrantName(seat.Marker),
        To = new GrantSubjects { Agents = [new AgentName(seat.Marker)] },
        Servers =
        [
            new ServerAccess { Server = new ServerName("crowd"), Tools = [.. CrowdServer.Tools.Select(tool => new ToolName(tool))], Prompts = [CrowdServer.Prompt], Resources = [UriPattern.Parse(seat.Uri, out _)!] },
            new ServerAccess { Server = new ServerName("sh"), Tools = [new ToolName("echo"), new ToolName("process")] },
        ],
    });

    private static Change.InsertToken TokenOf(CrowdSeat seat, long now) => new(
        new TokenRecord
        {
            Id = TokenId.New(),
            Organisation = new OrganisationId(seat.Organisation),
            Kind = TokenKind.Agent,
            Holder = new Holder { Agent = new AgentName(seat.Marker) },
            Servers = [.. Servers.Select(name => new ServerAccess { Server = new ServerName(name), Granted = true })],
            IssuedAt = now,
            ExpiresAt = now + 3_600_000_000,
            IssuedBy = "admin",
        },
        TokenHash.Of(System.Text.Encoding.ASCII.GetBytes(seat.Token)));

    private static async Task CommitAsync(OpenStore store, string organisation, long now, params Change[] changes)
    {
        var record = new AuditEvent { Kind = AuditKind.AdminChange, Organisation = new OrganisationId(organisation), Time = now, By = "admin", Action = "seat" };
        if (await store.Changes.CommitAsync(new OrganisationId(organisation), changes, [record], CancellationToken.None) is not CommitResult.Committed)
            throw new InvalidOperationException($"{changes[0]} was not written.");
    }
}
