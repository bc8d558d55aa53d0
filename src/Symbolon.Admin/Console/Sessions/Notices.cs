using Symbolon.Core.Identity;

namespace Symbolon.Admin.Console.Sessions;

/// <summary>What the next page of a session has to say. In this process alone: a notice that is lost says nothing that the audit does not.</summary>
internal sealed class Notices
{
    private const int Most = 1000;
    private readonly Lock gate = new();
    private readonly Dictionary<TokenHash, Notice> waiting = [];

    public void Leave(ConsoleSession session, Notice notice)
    {
        lock (gate)
        {
            // Sessions that ended without another page leave theirs behind.
            if (waiting.Count >= Most) waiting.Clear();
            waiting[session.Id] = notice;
        }
    }

    public Notice? Take(ConsoleSession session)
    {
        lock (gate) return waiting.Remove(session.Id, out var notice) ? notice : null;
    }
}
