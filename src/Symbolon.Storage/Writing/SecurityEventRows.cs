using System.Data.Common;
using Dapper;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.SecurityEvents;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Documents;

namespace Symbolon.Storage.Writing;

/// <summary>Writes what APIs are told within the transaction of what they are told of, and who is told.</summary>
internal sealed class SecurityEventRows(DbConnection connection, OrganisationId organisation, string by, long at, long revision)
{
    /// <summary>Of one client. Beyond it the newest are left out and counted: an API that fetches nothing fills no disk.</summary>
    public const int MostWaiting = 10_000;

    /// <summary>Microseconds: for so long a node that has not heard of it may give tokens to who is not active any more, and one's clock may be ahead. Whoever is not active is meant to get none.</summary>
    private const long Spreading = 2_000_000;

    private List<string>? clients;
    private long ordinal;

    private List<string> Clients => clients ??= connection.Query<string>(
        "SELECT client FROM event_stream WHERE organisation=@organisation ORDER BY client", new { organisation = organisation.Value }).AsList();

    public void Add(RevocationLevel level, string target, long notBefore)
    {
        if (!SecurityEvent.IsTold(level)) return;
        foreach (var client in Clients) Add(client, SecurityEvent.NewId(), level.ToString(), target, notBefore);
    }

    /// <returns>False where the client is told nothing.</returns>
    public bool Add(Change.TestEvents test)
    {
        if (!Clients.Contains(test.Client)) return false;
        Add(test.Client, test.Id, "", test.State, at);
        // An administrator waits for it: what is in front of it is tried at once.
        connection.Execute("UPDATE event_stream SET due_at=0 WHERE organisation=@organisation AND client=@client", new { organisation = organisation.Value, client = test.Client });
        return true;
    }

    /// <summary>What an object's new state says: who is told, and whose tokens nobody may take while it is not active.</summary>
    public void Note(Change.PutObject put)
    {
        if (put.Item is ClientObject client) Put(client);
        else if (put.Item is IdentityObject { State: not Lifecycle.Active } && Clients.Count > 0 && WasActive(put))
            Add(put.Item is AgentObject ? RevocationLevel.Agent : RevocationLevel.Workflow, put.Key.Name, at + Spreading);
    }

    private void Add(string client, string id, string level, string target, long notBefore)
    {
        var row = new
        {
            organisation = organisation.Value, client, revision, ordinal = ordinal++, id, level, target = StorableText.Require(target, "the target"), notBefore,
            by = StorableText.Require(by, "who made the change"), at, most = MostWaiting,
        };
        if (connection.Execute("UPDATE event_stream SET waiting=waiting+1 WHERE organisation=@organisation AND client=@client AND waiting < @most", row) == 0)
        {
            connection.Execute("UPDATE event_stream SET left_out=left_out+1 WHERE organisation=@organisation AND client=@client", row);
            return;
        }
        connection.Execute("""
            INSERT INTO security_event (organisation, client, revision, ordinal, id, level, target, not_before, changed_by, created_at)
            VALUES (@organisation, @client, @revision, @ordinal, @id, @level, @target, @notBefore, @by, @at)
            """, row);
    }

    private void Put(ClientObject client)
    {
        clients = null;
        var row = new { organisation = organisation.Value, client = client.Name, pushes = client is { State: Lifecycle.Active, Events.ArePushed: true } ? 1L : 0 };
        if (client.Events is null || client.State == Lifecycle.Retired)
        {
            // In the order in which what is taken goes too, so that the two cannot wait for each other.
            connection.Execute("DELETE FROM security_event WHERE organisation=@organisation AND client=@client", row);
            connection.Execute("DELETE FROM event_stream WHERE organisation=@organisation AND client=@client", row);
            return;
        }
        // Also to another address what waits is sent at once.
        connection.Execute("""
            INSERT INTO event_stream (organisation, client, pushes) VALUES (@organisation, @client, @pushes)
            ON CONFLICT (organisation, client) DO UPDATE SET pushes=excluded.pushes, due_at=0, attempts=0
            """, row);
    }

    private bool WasActive(Change.PutObject put)
    {
        var before = connection.QuerySingleOrDefault<string?>(
            "SELECT document FROM object_version WHERE organisation=@organisation AND kind=@kind AND name=@name AND version=@version",
            new { organisation = organisation.Value, kind = put.Key.Kind.ToString(), name = put.Key.Name, version = put.ExpectedVersion });
        return before is not null && StoredDocument.Read(put.Key.Kind.ToString(), before) is IdentityObject { State: Lifecycle.Active };
    }
}
