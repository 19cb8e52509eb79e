namespace Bridle.Generators;

/// <summary>What a tool was declared on.</summary>
internal enum ToolForm
{
    Class,
    StaticMethod,
    InstanceMethod,
}

/// <summary>How a method gives its result.</summary>
internal enum ReturnForm
{
    Result,
    Text,
    ResultTask,
    TextTask,
    ResultValueTask,
    TextValueTask,
}

/// <summary>One tool: everything that the generated source is written from, compared by value.</summary>
internal sealed record ToolModel(
    string Name,
    string Kind,
    string Effect,
    bool ParallelSafe,
    string? Work,
    ToolForm Form,
    string Namespace,
    string Owner,
    string SimpleName,
    bool IsPublic,
    string Method,
    string Factory,
    ReturnForm Returns,
    EquatableArray<ArgumentModel> Arguments,
    EquatableArray<string> Call,
    PreviewModel? Preview,
    string? Description,
    EquatableArray<string> DescriptionPaths)
{
    /// <summary>Unique among the generated files of an assembly.</summary>
    public string HintName => $"{Owner.Replace("global::", "").Replace('<', '_').Replace('>', '_')}{(Form == ToolForm.Class ? "" : "." + Method)}.g.cs";
}

/// <summary>The method that shows what a call would change.</summary>
internal sealed record PreviewModel(EquatableArray<string> Call, bool IsValueTask);

/// <summary>A parameter of a tool, or a property of an object that it takes.</summary>
internal sealed record ArgumentModel(
    string Symbol,
    string Json,
    TypeModel Type,
    bool Nullable,
    bool Required,
    string? DefaultCode,
    string? DefaultJson,
    string? Description,
    TargetModel? Target,
    string? Minimum,
    string? Maximum)
{
    /// <summary>The type as it is written in C#.</summary>
    public string Declared => Nullable ? Type.Name + "?" : Type.Name;
}

/// <summary>That an argument names something the call would touch. <paramref name="Access"/> is set for paths.</summary>
internal sealed record TargetModel(string Kind, string? Access);

/// <summary>The forms of arguments.</summary>
internal enum Shape
{
    Text,
    Flag,
    Int32,
    Int64,
    Real,
    Choice,
    Items,
    Members,
    Any,
}

/// <summary>A type of an argument. <paramref name="Name"/> is fully qualified and without the question mark.</summary>
internal sealed record TypeModel(
    Shape Shape,
    string Name,
    string SimpleName,
    TypeModel? Element,
    bool IsList,
    bool ByConstructor,
    EquatableArray<ChoiceModel> Choices,
    EquatableArray<ArgumentModel> Members);

/// <summary>A member of an enum and its name in JSON.</summary>
internal sealed record ChoiceModel(string Member, string Json);
