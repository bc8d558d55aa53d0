namespace Symbolon.AuthorizationServer.Consent;

/// <summary>What a person is asked: who gets what, at which server, and where the answer goes.</summary>
public sealed record ConsentQuestion
{
    /// <summary>The e-mail address of who is asked.</summary>
    public required string Person { get; init; }
    public required string ClientName { get; init; }
    public required string ClientId { get; init; }

    /// <summary>An administrator has registered the client: its name is more than a claim.</summary>
    public required bool IsVouchedFor { get; init; }

    /// <summary>Host, or scheme of a program of its own, to which the browser goes with the answer.</summary>
    public required string RedirectHost { get; init; }

    /// <summary>It goes to this machine, where any program may listen.</summary>
    public required bool IsLocal { get; init; }
    public required string Server { get; init; }
    public required IReadOnlyList<ConsentTool> Tools { get; init; }

    /// <summary>The server's prompts and resources, as far as the person has them; each can be ticked.</summary>
    public IReadOnlyList<ConsentFeature> Features { get; init; } = [];

    /// <summary>All that the tools may be used for behind the server, whichever are ticked; null for no such limit.</summary>
    public IReadOnlyList<ConsentLimit>? Limits { get; init; }

    /// <summary>Lives that can be chosen, in seconds, the first for who does not choose.</summary>
    public required IReadOnlyList<long> Lives { get; init; }

    /// <summary>What of the form was sent and is wrong; null for a form that is new.</summary>
    public string? Fault { get; init; }

    /// <summary>The sealed form that has to come back, in the field <see cref="ConsentForm.TicketField"/>.</summary>
    public required string Ticket { get; init; }

    /// <summary>What the page's policy has to allow as a form's target besides this server: an origin, or a scheme with its colon.</summary>
    public required string LeadsTo { get; init; }
}

/// <summary>A tool that can be ticked.</summary>
/// <param name="Effect"><c>read</c>, <c>write</c> or <c>irreversible</c>.</param>
public sealed record ConsentTool(string Name, string? Title, string Effect, IReadOnlyList<string> Flags, bool IsTicked);

/// <param name="Name"><see cref="ConsentForm.Prompts"/> or <see cref="ConsentForm.Resources"/>.</param>
public sealed record ConsentFeature(string Name, bool IsTicked);

/// <param name="Actions">At least one, e.g. <c>read</c>.</param>
/// <param name="Resource">A pattern, e.g. <c>docs/*</c>.</param>
public sealed record ConsentLimit(IReadOnlyList<string> Actions, string Resource);
