namespace Symbolon.AuthorizationServer.Consent;

/// <summary>The form of the question: where it is sent, and what its fields are called.</summary>
public static class ConsentForm
{
    public const string Path = "/oauth/consent";
    public const string TicketField = "ticket";

    /// <summary><see cref="Allow"/>, or anything else for no.</summary>
    public const string AnswerField = "answer";
    public const string Allow = "allow";

    /// <summary>Once for each tool that is ticked, with its name.</summary>
    public const string ToolField = "tool";

    /// <summary>In <see cref="ToolField"/>, and no name of a tool: all prompts that are granted.</summary>
    public const string Prompts = "@prompts";

    /// <summary>In <see cref="ToolField"/>: all resources that are granted.</summary>
    public const string Resources = "@resources";

    /// <summary>Seconds, one of <see cref="ConsentQuestion.Lives"/>.</summary>
    public const string LifeField = "life";
}
