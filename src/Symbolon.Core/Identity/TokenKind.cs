namespace Symbolon.Core.Identity;

/// <summary>The kinds of opaque secret that we hand out, told apart by their prefix.</summary>
public enum TokenKind
{
    User,
    Agent,
    Workflow,
    Admin,
    Enrolment,
}

public static class TokenKinds
{
    /// <summary>The prefix that leak scanners look for, e.g. <c>sym_agt_</c>. Always eight characters.</summary>
    public static string Prefix(this TokenKind kind) => kind switch
    {
        TokenKind.User => "sym_usr_",
        TokenKind.Agent => "sym_agt_",
        TokenKind.Workflow => "sym_wfl_",
        TokenKind.Admin => "sym_adm_",
        TokenKind.Enrolment => "sym_enr_",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
